package dev.openppu.rdl.emit.rdl;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The type that a property or a member must have had to hold what it holds.
 *
 * @param name  the type's name, or of an array its elements'; empty where nothing tells
 * @param array whether it is an array
 */
record ValueType(String name, boolean array) {

    private static final Set<String> ON_READ = Set.of("rclr", "rset", "ruser");
    private static final Set<String> ON_WRITE = Set.of("woset", "woclr", "wot", "wzs", "wzc", "wzt", "wclr", "wset", "wuser");
    private static final Set<String> ADDRESSING = Set.of("compact", "regalign", "fullalign");
    private static final String NUMBER = "longint unsigned";
    private static final String WIDE = "bit";
    private static final String FLAG = "boolean";

    static ValueType of(Value value) {
        return switch (value) {
            case Value.ListOf(List<Value> elements) ->
                new ValueType(elements.stream().map(ValueType::of).reduce(new ValueType("", false), ValueType::and).name, true);
            case Value.Flag flag -> new ValueType(FLAG, false);
            case Value.Num number -> new ValueType(number.value().bitLength() > 64 ? WIDE : NUMBER, false);
            case Value.Text text -> new ValueType("string", false);
            case Value.Keyword(String word) -> new ValueType(keywordType(word), false);
            case Value.EnumValue(EnumType type, EnumType.Entry entry) -> new ValueType(RdlText.name(type.name()), false);
            case Value.Struct(String type, Map<String, Value> members) -> new ValueType(RdlText.name(type), false);
            case Value.EnumRef ref -> new ValueType("ref", false);
            case Value.Reference reference -> new ValueType("ref", false);
        };
    }

    private static String keywordType(String word) {
        if (ON_READ.contains(word)) {
            return "onreadtype";
        }
        return ON_WRITE.contains(word) ? "onwritetype" : ADDRESSING.contains(word) ? "addressingtype" : "accesstype";
    }

    /** A type for values of both. */
    ValueType and(ValueType other) {
        return new ValueType(common(name, other.name), array || other.array);
    }

    private static String common(String a, String b) {
        if (a.equals(b) || b.isEmpty()) {
            return a;
        }
        boolean numbers = Set.of(NUMBER, WIDE, FLAG).containsAll(Set.of(a, b));
        return a.isEmpty() ? b : numbers ? a.equals(WIDE) || b.equals(WIDE) ? WIDE : NUMBER : a;
    }

    /** {@code type name[]}. */
    String declare(String member) {
        return (name.isEmpty() ? "string" : name) + " " + member + (array ? "[]" : "");
    }
}
