package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.emit.naming.NameScope;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Emits the nested class of one register: its reset value, and the constants and bit arithmetic of its fields. */
final class RegisterFields {

    /** Fields of one class; a class file has room for about 65,000 names and numbers, a field needs about ten. */
    private static final int MOST_FIELDS = 2000;

    private final JavaFile file;
    private final CodeWriter out;
    private final EnumNames enums;

    /** How the emitted class names the enums of fields. */
    interface EnumNames {
        /** The enum's name, or null where it is too large to be one. */
        @Nullable
        String of(EnumType type);
    }

    RegisterFields(JavaFile file, EnumNames enums) {
        this.file = file;
        this.out = file.body();
        this.enums = enums;
    }

    void emit(Register register, String className) {
        NameScope.Names<Field, JavaMembers.Stem> stems = names(register);
        int parts = Math.max(1, (register.fields().size() + MOST_FIELDS - 1) / MOST_FIELDS);
        for (int part = 1; part <= parts; part++) {
            boolean last = part == parts;
            String name = last ? className : className + "Part" + part;
            String above = part == 1 ? "" : " extends " + className + "Part" + (part - 1);
            out.blank().javadoc((last ? "Fields of " : "More fields of ") + Wording.summary(register));
            out.line("public static %s class %s%s {", last ? "final" : "abstract", name, above);
            if (last) {
                emitReset(register);
            }
            List<Field> fields = register.fields().subList((part - 1) * MOST_FIELDS,
                    Math.min(part * MOST_FIELDS, register.fields().size()));
            fields.forEach(field -> emitField(register, field, stems.of(field)));
            out.blank().line("private %s() {", name).line("}").line("}");
        }
    }

    /** The names of the register's fields. */
    static NameScope.Names<Field, JavaMembers.Stem> names(Register register) {
        return new NameScope(List.of("RESET", "WORDS", "resetWord/1", "loadReset/1")).assign(register.fields(), new FieldNaming());
    }

    private static final class FieldNaming implements NameScope.Naming<Field, JavaMembers.Stem> {
        @Override
        public JavaMembers.Stem name(Field field, int ordinal) {
            return JavaMembers.Stem.of(field.name(), ordinal);
        }

        @Override
        public Collection<String> claims(Field field, JavaMembers.Stem stem) {
            return List.of(stem.lower() + "/1", stem.lower() + "/2", "with" + stem.upper() + "/2", "set" + stem.upper() + "/2",
                    stem.constant() + "_LSB", stem.constant() + "_WIDTH", stem.constant() + "_MASK");
        }
    }

    // ---- reset values

    private void emitReset(Register register) {
        BigInteger reset = register.reset();
        if (register.width() <= RegisterAccess.WORD) {
            out.blank().javadoc("Value after a reset; bits without a reset value are 0.");
            out.line("public static final %s RESET = %s;", register.width() > 32 ? "long" : "int", literal(reset, register.width() > 32));
            return;
        }
        out.blank().javadoc("Words of 64 bits that hold the register's value, the lowest bits first.");
        out.line("public static final int WORDS = %d;", register.width() / RegisterAccess.WORD);
        out.blank().javadoc("One word of the value after a reset; bits without a reset value are 0.");
        out.line("public static long resetWord(int word) {");
        out.line("return switch (%s) {", file.checkIndex("word", "WORDS"));
        for (int word = 0; word < register.width() / RegisterAccess.WORD; word++) {
            long bits = reset.shiftRight(word * RegisterAccess.WORD).longValue();
            if (bits != 0) {
                out.line("case %d -> %s;", word, JavaArray.hex(bits));
            }
        }
        out.line("default -> 0L;").line("};").line("}");
        out.blank().javadoc("Sets words to the value after a reset.");
        out.line("public static void loadReset(long[] words) {").line("for (int word = 0; word < WORDS; word++) {");
        out.line("words[word] = resetWord(word);").line("}").line("}");
    }

    private static String literal(BigInteger value, boolean wide) {
        return "0x" + value.toString(16) + (wide ? "L" : "");
    }

    // ---- fields

    private void emitField(Register register, Field field, JavaMembers.Stem stem) {
        out.blank().javadoc("Lowest bit of " + field.name() + ".");
        out.line("public static final int %s_LSB = %d;", stem.constant(), field.low());
        out.blank().javadoc("Bits of " + field.name() + ".");
        out.line("public static final int %s_WIDTH = %d;", stem.constant(), field.width());
        if (register.width() > RegisterAccess.WORD) {
            new WideFields(out).emit(field, stem, enumOf(field));
            return;
        }
        boolean wideRaw = register.width() > 32;
        out.blank().javadoc("The bits of " + field.name() + ", in place.");
        out.line("public static final %s %s_MASK = %s;", wideRaw ? "long" : "int", stem.constant(), literal(field.mask(), wideRaw));
        if (isFlag(field)) {
            emitBoolean(field, wideRaw, stem);
        } else {
            emitNumber(field, wideRaw, stem);
            emitEnum(field, wideRaw, stem);
        }
    }

    /** Whether the field is a {@code boolean} in code. */
    static boolean isFlag(Field field) {
        return field.width() == 1 && field.encode() == null;
    }

    private @Nullable String enumOf(Field field) {
        EnumType type = field.encode();
        return type == null ? null : enums.of(type);
    }

    private void emitBoolean(Field field, boolean wideRaw, JavaMembers.Stem stem) {
        String raw = wideRaw ? "long" : "int";
        out.blank().javadoc(Wording.summary(field));
        out.line("public static boolean %s(%s raw) {", stem.lower(), raw);
        out.line("return (raw & %s_MASK) != 0;", stem.constant()).line("}");
        out.blank().javadoc("A raw value with " + field.name() + " replaced.");
        out.line("public static %s with%s(%s raw, boolean value) {", raw, stem.upper(), raw);
        out.line("return value ? raw | %1$s_MASK : raw & ~%1$s_MASK;", stem.constant()).line("}");
    }

    private void emitNumber(Field field, boolean wideRaw, JavaMembers.Stem stem) {
        String raw = wideRaw ? "long" : "int";
        boolean wideValue = wideRaw || field.width() > 31;
        String value = wideValue ? "long" : "int";
        out.blank().javadoc(Wording.summary(field));
        out.line("public static %s %s(%s raw) {", value, stem.lower(), raw);
        String bits = "(raw & %1$s_MASK) >>> %1$s_LSB".formatted(stem.constant());
        out.line("return %s;", !wideRaw && wideValue ? "Integer.toUnsignedLong(" + bits + ")" : bits).line("}");
        out.blank().javadoc("A raw value with " + field.name() + " replaced; bits of the value beyond the field are dropped.");
        out.line("public static %s with%s(%s raw, %s value) {", raw, stem.upper(), raw, value);
        String narrowed = !wideRaw && wideValue ? "(int) value" : "value";
        out.line("return raw & ~%1$s_MASK | %2$s << %1$s_LSB & %1$s_MASK;", stem.constant(), narrowed).line("}");
    }

    private void emitEnum(Field field, boolean wideRaw, JavaMembers.Stem stem) {
        String enumName = enumOf(field);
        EnumType type = field.encode();
        if (enumName == null || type == null || JavaEnum.size(type) == JavaEnum.Size.WORDS) {
            return;
        }
        String raw = wideRaw ? "long" : "int";
        boolean narrowed = JavaEnum.size(type) == JavaEnum.Size.LONG && !wideRaw && field.width() <= 31;
        out.blank().javadoc("A raw value with " + field.name() + " replaced.");
        out.line("public static %s with%s(%s raw, %s value) {", raw, stem.upper(), raw, enumName);
        out.line("return with%s(raw, %svalue.value());", stem.upper(), narrowed ? "(int) " : "").line("}");
    }
}
