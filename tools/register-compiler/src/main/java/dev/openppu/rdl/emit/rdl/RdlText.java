package dev.openppu.rdl.emit.rdl;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names and values as SystemRDL writes them. */
final class RdlText {

    /** The standard's keywords and reserved words: as a name, each needs a backslash. */
    private static final Set<String> KEYWORDS = Set.of("abstract", "accesstype", "addressingtype", "addrmap", "alias", "all", "bit",
            "boolean", "bothedge", "compact", "component", "componentwidth", "constraint", "default", "encode", "enum", "external",
            "false", "field", "fullalign", "hw", "inside", "internal", "level", "longint", "mem", "na", "negedge", "nonsticky", "number",
            "onreadtype", "onwritetype", "posedge", "property", "r", "rclr", "ref", "reg", "regalign", "regfile", "rset", "ruser", "rw",
            "rw1", "signal", "string", "struct", "sw", "this", "true", "type", "unsigned", "w", "w1", "wclr", "woclr", "woset", "wot",
            "wr", "wset", "wuser", "wzc", "wzs", "wzt", "alternate", "byte", "int", "precedencetype", "real", "shortint", "shortreal",
            "signed", "with", "within");

    /** Properties whose names are keywords and stand without a backslash all the same. */
    private static final Set<String> KEYWORD_PROPERTIES = Set.of("sw", "hw", "rclr", "rset", "woclr", "woset", "encode");

    private static final Pattern ILLEGAL = Pattern.compile("[^A-Za-z0-9_]");

    private RdlText() {}

    /** {@code name} as an identifier; a character that no identifier may have becomes an underscore. */
    static String name(String name) {
        String legal = ILLEGAL.matcher(name).replaceAll("_");
        if (legal.isEmpty() || Character.isDigit(legal.charAt(0))) {
            legal = "_" + legal;
        }
        return KEYWORDS.contains(legal) ? "\\" + legal : legal;
    }

    static String property(String name) {
        return KEYWORD_PROPERTIES.contains(name) ? name : name(name);
    }

    /** A number: plain where 63 bits hold it, else sized, as plain ones have 64 bits only. */
    static String number(BigInteger value) {
        if (value.bitLength() > 63) {
            return value.bitLength() + "'h" + value.toString(16);
        }
        return value.bitLength() < 8 ? value.toString() : "0x" + value.toString(16).toUpperCase(java.util.Locale.ROOT);
    }

    static String address(long value) {
        return "0x" + Long.toHexString(value).toUpperCase(java.util.Locale.ROOT);
    }

    static String string(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    static String value(Value value) {
        return switch (value) {
            case Value.Flag(boolean flag) -> Boolean.toString(flag);
            case Value.Num number -> number(number.value());
            case Value.Text(String text) -> string(text);
            case Value.Keyword(String word) -> word;
            case Value.EnumRef(EnumType type) -> name(type.name());
            case Value.EnumValue(EnumType type, EnumType.Entry entry) -> name(type.name()) + "::" + name(entry.name());
            case Value.ListOf(List<Value> elements) ->
                elements.stream().map(RdlText::value).collect(Collectors.joining(", ", "'{", "}"));
            case Value.Struct(String type, Map<String, Value> members) -> members.entrySet().stream()
                    .map(member -> name(member.getKey()) + ": " + value(member.getValue()))
                    .collect(Collectors.joining(", ", name(type) + "'{", "}"));
            case Value.Reference reference -> reference(reference);
        };
    }

    private static String reference(Value.Reference reference) {
        String path = reference.steps().stream()
                .map(step -> name(step.name()) + step.indices().stream().map(index -> "[" + index + "]").collect(Collectors.joining()))
                .collect(Collectors.joining("."));
        return reference.property() == null ? path : path + "->" + property(reference.property());
    }
}
