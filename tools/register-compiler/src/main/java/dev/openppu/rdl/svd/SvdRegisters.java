package dev.openppu.rdl.svd;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Placement;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Diagnostics;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds registers and their fields. */
final class SvdRegisters {

    private static final Map<String, String> ACCESS = Map.of("read-only", "r", "write-only", "w", "read-write", "rw", "writeOnce", "w1",
            "read-writeOnce", "rw1");
    private static final Map<String, String> ON_WRITE = Map.of("oneToClear", "woclr", "oneToSet", "woset", "oneToToggle", "wot",
            "zeroToClear",
            "wzc", "zeroToSet", "wzs", "zeroToToggle", "wzt", "clear", "wclr", "set", "wset", "modify", "");
    private static final Map<String, String> ON_READ = Map.of("clear", "rclr", "set", "rset", "modify", "ruser", "modifyExternal", "ruser");

    private final Derivation derivation;
    private final SvdNumbers numbers;
    private final Diagnostics diagnostics;
    private final SvdEnums enums;

    SvdRegisters(Derivation derivation, SvdNumbers numbers, Diagnostics diagnostics) {
        this.derivation = derivation;
        this.numbers = numbers;
        this.diagnostics = diagnostics;
        this.enums = new SvdEnums(derivation, diagnostics);
    }

    /** What fields take from their register. */
    private record Around(int width, String access, @Nullable String onWrite, @Nullable String onRead, @Nullable BigInteger resetValue,
            BigInteger resetMask) {}

    Register read(SvdElement element, Placement placement, Defaults defaults, @Nullable String index) {
        int width = Math.clamp(Long.highestOneBit(Math.max(8, defaults.size() * 2 - 1)), 8, 1 << 16);
        if (width != defaults.size()) {
            diagnostics.error(element.span(), "a register has 8, 16, 32, … bits, not " + defaults.size());
        }
        BigInteger ones = BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
        Around around = new Around(width, defaults.access(), element.text("modifiedWriteValues"), element.text("readAction"),
                defaults.resetValue(), Objects.requireNonNullElse(defaults.resetMask(), ones));
        List<Field> fields = new ArrayList<>();
        SvdElement list = element.child("fields");
        if (list != null) {
            SvdNames names = new SvdNames(diagnostics);
            list.all("field").forEach(field -> addFields(field, around, names, fields));
        }
        if (fields.isEmpty()) {
            fields.add(new Field("value", "value", 0, width, false, properties(element, around, 0, width, null),
                    diagnostics.position(element.span())));
        }
        fields.sort(Comparator.comparingInt(Field::low));
        return new Register(placement, registerProperties(element, width, index), fields, List.of());
    }

    private static Properties registerProperties(SvdElement element, int width, @Nullable String index) {
        Map<String, Value> values = new LinkedHashMap<>();
        values.put("regwidth", Value.Num.of(width));
        SvdBlocks.texts(element).values().forEach((name, value) -> values.put(name,
                index != null && value instanceof Value.Text(String text) ? new Value.Text(text.replace("%s", index)) : value));
        return new Properties(values);
    }

    private void addFields(SvdElement element, Around around, SvdNames names, List<Field> to) {
        SvdElement complete = derivation.complete(element);
        String name = complete.text("name");
        Bits bits = bits(complete);
        if (name == null || bits == null) {
            diagnostics.error(element.span(), name == null ? "this field has no name" : "this field has no bits");
            return;
        }
        if (complete.child("dim") == null) {
            add(complete, element, Repetition.plain(name), bits, around, names, to);
            return;
        }
        long increment = numbers.find(complete, "dimIncrement", around.width, bits.width);
        List<String> indices = Repetition.indices(complete);
        for (int i = 0; i < indices.size() && i < around.width; i++) {
            long low = bits.low + i * increment;
            add(complete, element, Repetition.indexed(name, indices.get(i)), new Bits((int) low, bits.width), around, names, to);
        }
    }

    private void add(SvdElement complete, SvdElement element, String name, Bits bits, Around around, SvdNames names, List<Field> to) {
        if (bits.width < 1 || bits.low + bits.width > around.width) {
            diagnostics.error(element.span(), "field '" + name + "' has bits " + (bits.low + bits.width - 1) + " to " + bits.low
                    + ", but its register only " + (around.width - 1) + " to 0");
            return;
        }
        String unique = names.take(name, element);
        EnumType type = enums.read(complete, unique, bits.width);
        Properties properties = properties(complete, around, bits.low, bits.width, type);
        to.add(new Field(unique, unique, bits.low, bits.width, false, properties, diagnostics.position(element.span())));
    }

    // ---- bits

    private record Bits(int low, int width) {}

    /** Bits in any of the format's three forms; null where there is none. */
    private @Nullable Bits bits(SvdElement field) {
        String range = field.text("bitRange");
        if (range != null && range.matches("\\[\\s*\\d{1,5}\\s*:\\s*\\d{1,5}\\s*\\]")) {
            String[] ends = range.substring(1, range.length() - 1).split(":", -1);
            return between(Integer.parseInt(ends[0].strip()), Integer.parseInt(ends[1].strip()));
        }
        if (field.child("lsb") != null && field.child("msb") != null) {
            return between((int) numbers.find(field, "msb", 1 << 16, 0), (int) numbers.find(field, "lsb", 1 << 16, 0));
        }
        if (field.child("bitOffset") != null) {
            return new Bits((int) numbers.find(field, "bitOffset", 1 << 16, 0), (int) numbers.find(field, "bitWidth", 1 << 16, 1));
        }
        return null;
    }

    private static Bits between(int msb, int lsb) {
        return new Bits(Math.min(lsb, msb), Math.abs(msb - lsb) + 1);
    }

    // ---- behaviour

    private Properties properties(SvdElement element, Around around, int low, int width, @Nullable EnumType type) {
        Map<String, Value> values = new LinkedHashMap<>(element.tag().equals("field") ? SvdBlocks.texts(element).values() : Map.of());
        String sw = word(element, "access", Objects.requireNonNullElse(element.text("access"), around.access), ACCESS);
        values.put("sw", new Value.Keyword(sw.isEmpty() ? "rw" : sw));
        String onWrite = word(element, "modifiedWriteValues", either(element.text("modifiedWriteValues"), around.onWrite), ON_WRITE);
        if (!onWrite.isEmpty() && !sw.equals("r")) {
            values.put("onwrite", new Value.Keyword(onWrite));
        }
        String onRead = word(element, "readAction", either(element.text("readAction"), around.onRead), ON_READ);
        if (!onRead.isEmpty() && !sw.equals("w") && !sw.equals("w1")) {
            values.put("onread", new Value.Keyword(onRead));
        }
        BigInteger ones = BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
        if (around.resetValue != null && around.resetMask.shiftRight(low).and(ones).equals(ones)) {
            values.put("reset", new Value.Num(around.resetValue.shiftRight(low).and(ones)));
        }
        if (type != null) {
            values.put("encode", new Value.EnumRef(type));
        }
        return new Properties(values);
    }

    private static @Nullable String either(@Nullable String own, @Nullable String inherited) {
        return own == null ? inherited : own;
    }

    private String word(SvdElement element, String what, @Nullable String written, Map<String, String> words) {
        String word = written == null ? "" : words.get(written);
        if (word == null) {
            SvdElement child = element.child(what);
            diagnostics.error(child == null ? element.span() : child.span(), "'" + written + "' is no " + what);
            return "";
        }
        return word;
    }
}
