package dev.openppu.cli.register;

import dev.openppu.cli.console.Json;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Register values for people and for programs. */
public final class Decoding {
    private Decoding() {}

    /** As wide as the register, for example {@code 0x00000002}. */
    public static String hex(LocatedRegister register, long value) {
        return String.format(Locale.ROOT, "0x%0" + register.bytes() * 2 + "x", value);
    }

    /** All readable fields in one line, for example {@code state=ROM_READY error=NONE refused=0}. */
    public static String line(LocatedRegister register, long raw) {
        return register.register().fields().stream().filter(field -> field.sw().canRead())
                .map(field -> field.name() + "=" + value(field, raw))
                .collect(Collectors.joining(" "));
    }

    /** A field's value: its enum's name, small numbers in decimal, others in hexadecimal. */
    public static String value(Field field, long raw) {
        return meaning(field, LocatedRegister.extract(field, raw));
    }

    /** What {@code value} means in {@code field}: its enum's name, or the number. */
    public static String meaning(Field field, BigInteger value) {
        return field.meaning(value);
    }

    /** The enum entry that a field's value stands for. */
    public static Optional<EnumType.Entry> entry(Field field, BigInteger value) {
        EnumType names = field.encode();
        return names == null ? Optional.empty() : names.find(value);
    }

    /** {@code high:low}, or the one bit. */
    public static String bits(Field field) {
        return field.width() == 1 ? String.valueOf(field.low()) : field.high() + ":" + field.low();
    }

    /** {@code r}, {@code w}, {@code rw} and side effects, as the .rdl names them. */
    public static String access(Field field) {
        StringBuilder access = new StringBuilder(field.sw().name().toLowerCase(Locale.ROOT));
        if (field.onRead() != dev.openppu.rdl.model.OnRead.NONE) {
            access.append(' ').append(field.onRead().name().toLowerCase(Locale.ROOT));
        }
        if (field.onWrite() != dev.openppu.rdl.model.OnWrite.NONE) {
            access.append(' ').append(field.onWrite().name().toLowerCase(Locale.ROOT));
        }
        return field.isSinglePulse() ? access + " singlepulse" : access.toString();
    }

    /** A register's value for programs. */
    public static Map<String, Object> json(LocatedRegister register, long raw) {
        Map<String, Object> object = place(register);
        object.put("value", hex(register, raw));
        object.put("fields",
                register.register().fields().stream().filter(field -> field.sw().canRead()).map(field -> json(field, raw)).toList());
        return object;
    }

    /** A register without a value. */
    public static Map<String, Object> place(LocatedRegister register) {
        return Json.object("name", register.path(), "bar", register.bar(), "offset", Json.hex(register.offset()), "width",
                register.register().width());
    }

    private static Map<String, Object> json(Field field, long raw) {
        BigInteger value = LocatedRegister.extract(field, raw);
        return Json.object("name", field.name(), "bits", bits(field), "value", "0x" + value.toString(16),
                "enum", entry(field, value).map(EnumType.Entry::name).orElse(null));
    }
}
