package dev.openppu.rdl.emit.svd;

import dev.openppu.rdl.model.Access;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Register;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes registers, those wider than 64 bits word by word, and their fields. */
final class SvdRegister {

    private static final int WIDEST = 64;

    private final SvdXml xml;

    SvdRegister(SvdXml xml) {
        this.xml = xml;
    }

    /** Bits {@code low} to {@code low + width - 1} of a register. */
    private record Word(Register register, int low, int width) {

        boolean isWhole() {
            return width == register.width();
        }

        boolean holds(Field field) {
            return field.low() <= low + width - 1 && field.high() >= low && field.sw() != Access.NA;
        }

        BigInteger cut(BigInteger ofRegister) {
            return ofRegister.shiftRight(low).and(BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE));
        }
    }

    void write(Register register, SvdNames names, Placed placed) throws IOException {
        if (register.width() <= WIDEST) {
            writeWord(new Word(register, 0, register.width()), names.take(register.name()), placed);
            return;
        }
        int width = Math.min(WIDEST, register.accessWidth());
        for (int low = 0; low < register.width(); low += width) {
            writeWord(new Word(register, low, width), names.take(register.name() + "_" + low / width), placed);
        }
    }

    private void writeWord(Word word, String name, Placed placed) throws IOException {
        Register register = word.register;
        long offset = register.offset() + word.low / 8;
        List<Field> fields = register.fields().stream().filter(word::holds).toList();
        xml.begin("register");
        SvdBlock.writeArray(xml, register, name);
        xml.text("displayName", register.properties().text("name"));
        xml.text("description", word.isWhole()
                ? SvdNames.description(register)
                : SvdNames.someDescription(register) + " (bits " + (word.low + word.width - 1) + " to " + word.low + ")");
        xml.text("alternateRegister", placed.add(name, offset, register.array().offset(register.array().count() - 1) + word.width / 8));
        xml.hex("addressOffset", offset);
        xml.number("size", word.width);
        xml.text("access", access(fields));
        xml.hex("resetValue", word.cut(register.reset()));
        xml.hex("resetMask", word.cut(register.fields().stream().filter(field -> field.reset() != null).map(Field::mask)
                .reduce(BigInteger.ZERO, BigInteger::or)));
        if (!fields.isEmpty()) {
            xml.begin("fields");
            SvdNames names = new SvdNames();
            for (Field field : fields) {
                writeField(field, word, names);
            }
            xml.end();
        }
        xml.end();
    }

    private void writeField(Field field, Word word, SvdNames names) throws IOException {
        int low = Math.max(field.low(), word.low);
        int high = Math.min(field.high(), word.low + word.width - 1);
        boolean whole = low == field.low() && high == field.high();
        xml.begin("field");
        xml.text("name", names.take(whole ? field.name() : field.name() + "_" + (high - field.low()) + "_" + (low - field.low())));
        xml.text("description", SvdNames.description(field));
        xml.number("bitOffset", low - word.low);
        xml.number("bitWidth", high - low + 1);
        xml.text("access", access(List.of(field)));
        xml.text("modifiedWriteValues", modifiedWriteValues(field.onWrite()));
        xml.text("readAction", readAction(field.onRead()));
        EnumType type = field.encode();
        if (type != null && whole) {
            writeEnum(type, field.sw());
        }
        xml.end();
    }

    private void writeEnum(EnumType type, Access sw) throws IOException {
        xml.begin("enumeratedValues");
        xml.text("name", SvdNames.identifier(type.name()));
        xml.text("usage", !sw.canWrite() ? "read" : sw.canRead() ? "read-write" : "write");
        SvdNames names = new SvdNames();
        for (EnumType.Entry entry : type.entries()) {
            xml.begin("enumeratedValue");
            xml.text("name", names.take(entry.name()));
            xml.text("description", entry.description() == null ? entry.label() : entry.description());
            xml.text("value", entry.value().toString());
            xml.end();
        }
        xml.end();
    }

    /** What software may do with all of {@code fields} together. */
    private static String access(List<Field> fields) {
        boolean reads = fields.stream().anyMatch(field -> field.sw().canRead());
        boolean writes = fields.stream().anyMatch(field -> field.sw().canWrite());
        boolean once = fields.stream().filter(field -> field.sw().canWrite()).allMatch(field -> field.sw().once());
        if (!writes) {
            return "read-only";
        }
        return reads ? once ? "read-writeOnce" : "read-write" : once ? "writeOnce" : "write-only";
    }

    private static @Nullable String modifiedWriteValues(OnWrite effect) {
        return switch (effect) {
            case WOSET -> "oneToSet";
            case WOCLR -> "oneToClear";
            case WOT -> "oneToToggle";
            case WZS -> "zeroToSet";
            case WZC -> "zeroToClear";
            case WZT -> "zeroToToggle";
            case WCLR -> "clear";
            case WSET -> "set";
            case NONE, WUSER -> null;
        };
    }

    private static @Nullable String readAction(OnRead effect) {
        return switch (effect) {
            case RCLR -> "clear";
            case RSET -> "set";
            case RUSER -> "modify";
            case NONE -> null;
        };
    }
}
