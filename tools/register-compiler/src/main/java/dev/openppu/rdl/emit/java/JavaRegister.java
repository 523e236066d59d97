package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Emits what a block's class has for one register: its access methods, and the nested class of its fields. */
final class JavaRegister {

    private static final int WORD = 64;

    private final CodeWriter out;
    private final JavaEmitter.View view;
    private final String blockClass;

    JavaRegister(CodeWriter out, JavaEmitter.View view, String blockClass) {
        this.out = out;
        this.view = view;
        this.blockClass = blockClass;
    }

    // ---- access

    void emitAccess(Register register) {
        String name = JavaNames.upperCamel(register.name());
        boolean wide = register.width() > WORD;
        String index = (register.array().isArray() ? JavaBlock.indexParameters(register) : "") + (wide
                ? (register.array().isArray() ? ", " : "") + "int word"
                : "");
        String raw = rawType(register);
        String words = wide ? " Word 0 holds bits 63 to 0; there are " + register.width() / WORD + "." : "";
        if (JavaBlock.canRead(register, view)) {
            out.blank().javadoc("Reads " + summary(register), words, sideEffects(register));
            out.line("public %s read%s(%s) {", raw, name, index);
            emitRead(register, address(register));
            out.line("}");
        }
        if (JavaBlock.canWrite(register, view)) {
            String separator = index.isEmpty() ? "" : ", ";
            out.blank().javadoc("Writes " + summary(register), words);
            out.line("public void write%s(%s%s%s raw) {", name, index, separator, raw);
            emitWrite(register, address(register));
            out.line("}");
        }
    }

    private static String summary(Register register) {
        String label = register.properties().text("name");
        String text = label == null ? register.name() : register.name() + " (" + label + ")";
        String description = register.description();
        return description == null ? text + "." : text + ": " + description;
    }

    private String sideEffects(Register register) {
        if (view == JavaEmitter.View.HARDWARE) {
            return "";
        }
        String fields = register.fields().stream().filter(field -> field.onRead() != OnRead.NONE)
                .map(field -> field.name() + " (" + field.onRead().name().toLowerCase(Locale.ROOT) + ")").collect(Collectors.joining(", "));
        return fields.isEmpty() ? "" : "Reading has a side effect on " + fields + ".";
    }

    private static String rawType(Register register) {
        return register.width() > 32 ? "long" : "int";
    }

    private String address(Register register) {
        String constant = JavaNames.constant(register.name());
        String address = "base + " + constant + "_OFFSET";
        if (register.array().isArray()) {
            String index = JavaBlock.checkedIndex(register);
            boolean single = register.array().dimensions().size() == 1;
            address += " + " + (single ? index : "(" + index + ")") + " * " + constant + "_STRIDE";
        }
        if (register.width() > WORD) {
            address += " + Objects.checkIndex(word, %d) * 8L".formatted(register.width() / WORD);
        }
        return address;
    }

    private static void emitReadWide(CodeWriter out, int access, int pieces, String address) {
        out.line("long address = %s;", address);
        out.line("long raw = 0;");
        out.line("for (int piece = 0; piece < %d; piece++) {", pieces);
        String read = access == 32
                ? "Integer.toUnsignedLong(mmio.read32(address + piece * 4L))"
                : "(mmio.read%d(address + piece * %dL) & 0x%sL)".formatted(access, access / 8, access == 8 ? "ff" : "ffff");
        out.line("raw |= %s << (piece * %d);", read, access);
        out.line("}");
    }

    private void emitRead(Register register, String address) {
        int width = Math.min(register.width(), WORD);
        int access = Math.min(register.accessWidth(), width);
        if (access < width) {
            emitReadWide(out, access, width / access, address);
            out.line(width > 32 ? "return raw;" : "return (int) raw;");
            return;
        }
        switch (width) {
            case 8 -> out.line("return mmio.read8(%s) & 0xff;", address);
            case 16 -> out.line("return mmio.read16(%s) & 0xffff;", address);
            default -> out.line("return mmio.read%d(%s);", width, address);
        }
    }

    private void emitWrite(Register register, String address) {
        int width = Math.min(register.width(), WORD);
        int access = Math.min(register.accessWidth(), width);
        if (access < width) {
            out.line("long address = %s;", address);
            out.line("for (int piece = 0; piece < %d; piece++) {", width / access);
            String type = access == 8 ? "byte" : access == 16 ? "short" : "int";
            out.line("mmio.write%d(address + piece * %dL, (%s) (raw >>> (piece * %d)));", access, access / 8, type, access);
            out.line("}");
            return;
        }
        switch (width) {
            case 8 -> out.line("mmio.write8(%s, (byte) raw);", address);
            case 16 -> out.line("mmio.write16(%s, (short) raw);", address);
            default -> out.line("mmio.write%d(%s, raw);", width, address);
        }
    }

    // ---- constants and bits

    void emitConstants(Register register, Function<EnumType, String> enumName) {
        String name = JavaNames.upperCamel(register.name());
        out.blank().javadoc("Fields of " + summary(register));
        out.line("public static final class %s {", name.equals(blockClass) ? name + "Register" : name);
        if (register.width() <= WORD) {
            out.blank().javadoc("Value after a reset; bits without a reset value are 0.");
            out.line("public static final %s RESET = %s;", rawType(register), literal(register.reset(), register.width() > 32));
        }
        for (Field field : register.fields()) {
            emitField(register, field, enumName);
        }
        out.blank().line("private %s() {", name.equals(blockClass) ? name + "Register" : name).line("}").line("}");
    }

    private static String literal(BigInteger value, boolean wide) {
        return "0x" + value.toString(16) + (wide ? "L" : "");
    }

    private void emitField(Register register, Field field, Function<EnumType, String> enumName) {
        String constant = JavaNames.constant(field.name());
        int word = field.low() / WORD;
        int low = field.low() % WORD;
        out.blank().javadoc("Lowest bit of " + field.name() + (register.width() > WORD ? ", in word " + word + "." : "."));
        out.line("public static final int %s_LSB = %d;", constant, low);
        out.blank().javadoc("Bits of " + field.name() + ".");
        out.line("public static final int %s_WIDTH = %d;", constant, field.width());
        if (low + field.width() > WORD) {
            return;
        }
        boolean wideRaw = register.width() > 32;
        out.blank().javadoc("The bits of " + field.name() + ", in place.");
        out.line("public static final %s %s_MASK = %s;", wideRaw ? "long" : "int", constant,
                literal(field.ones().shiftLeft(low), wideRaw));
        EnumType type = field.encode();
        if (field.width() == 1 && type == null) {
            emitBoolean(field, wideRaw, constant);
        } else {
            emitNumber(field, wideRaw, constant);
            if (type != null) {
                emitEnum(field, wideRaw, enumName.apply(type));
            }
        }
    }

    private String text(Field field) {
        String description = field.description();
        String label = field.properties().text("name");
        return (label == null ? field.name() : label) + (description == null ? "." : ": " + description) + " Access: sw "
                + access(field.sw().name()) + ", hw " + access(field.hw().name()) + effects(field) + ".";
    }

    private static String access(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String effects(Field field) {
        StringBuilder effects = new StringBuilder();
        if (field.onRead() != OnRead.NONE) {
            effects.append(", ").append(access(field.onRead().name()));
        }
        if (field.onWrite() != OnWrite.NONE) {
            effects.append(", ").append(access(field.onWrite().name()));
        }
        if (field.isSinglePulse()) {
            effects.append(", singlepulse");
        }
        if (field.properties().get("resetsignal") instanceof Value.Reference reference) {
            effects.append(", reset by ").append(reference);
        }
        return effects.toString();
    }

    private void emitBoolean(Field field, boolean wideRaw, String constant) {
        String raw = wideRaw ? "long" : "int";
        out.blank().javadoc(text(field));
        out.line("public static boolean %s(%s raw) {", JavaNames.lowerCamel(field.name()), raw);
        out.line("return (raw & %s_MASK) != 0;", constant).line("}");
        out.blank().javadoc("A raw value with " + field.name() + " replaced.");
        out.line("public static %s with%s(%s raw, boolean value) {", raw, JavaNames.upperCamel(field.name()), raw);
        out.line("return value ? raw | %1$s_MASK : raw & ~%1$s_MASK;", constant).line("}");
    }

    private void emitNumber(Field field, boolean wideRaw, String constant) {
        String raw = wideRaw ? "long" : "int";
        boolean wideValue = wideRaw || field.width() > 31;
        String value = wideValue ? "long" : "int";
        out.blank().javadoc(text(field));
        out.line("public static %s %s(%s raw) {", value, JavaNames.lowerCamel(field.name()), raw);
        String bits = "(raw & %1$s_MASK) >>> %1$s_LSB".formatted(constant);
        out.line("return %s;", !wideRaw && wideValue ? "Integer.toUnsignedLong(" + bits + ")" : bits).line("}");
        out.blank().javadoc("A raw value with " + field.name() + " replaced; bits of the value beyond the field are dropped.");
        out.line("public static %s with%s(%s raw, %s value) {", raw, JavaNames.upperCamel(field.name()), raw, value);
        String narrowed = !wideRaw && wideValue ? "(int) value" : "value";
        out.line("return raw & ~%1$s_MASK | %2$s << %1$s_LSB & %1$s_MASK;", constant, narrowed).line("}");
    }

    private void emitEnum(Field field, boolean wideRaw, String enumName) {
        String raw = wideRaw ? "long" : "int";
        out.blank().javadoc("A raw value with " + field.name() + " replaced.");
        out.line("public static %s with%s(%s raw, %s value) {", raw, JavaNames.upperCamel(field.name()), raw,
                Objects.requireNonNull(enumName));
        out.line("return with%s(raw, value.value());", JavaNames.upperCamel(field.name())).line("}");
    }
}
