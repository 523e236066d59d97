package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Value;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A type of the expression language. */
sealed interface DataType {

    /** Whether {@code value} is of this type. */
    boolean accepts(Value value);

    /** How messages call it. */
    String describe();

    /** What a member of a structure is that the structure's value does not mention; null where it must (6.3.2.3.2). */
    default @Nullable Value unassigned() {
        return switch (this) {
            case Basic.BOOLEAN -> Value.Flag.FALSE;
            case Basic.STRING -> new Value.Text("");
            case Basic.ACCESS -> new Value.Keyword("rw");
            case Basic.ADDRESSING -> new Value.Keyword("regalign");
            case ListOf list -> new Value.ListOf(List.of());
            default -> null;
        };
    }

    /** The types that the language has by itself. */
    enum Basic implements DataType {
        BOOLEAN("a boolean"),
        NUMBER("a number"),
        STRING("a string"),
        REFERENCE("a reference"),
        ENUM("an enumeration"),
        ACCESS("an access type", "rw", "wr", "r", "w", "rw1", "w1", "na"),
        ADDRESSING("an addressing mode", "compact", "regalign", "fullalign"),
        ON_READ("a read side effect", "rclr", "rset", "ruser"),
        ON_WRITE("a write side effect", "woset", "woclr", "wot", "wzs", "wzc", "wzt", "wclr", "wset", "wuser"),
        PRECEDENCE("a precedence", "sw", "hw");

        private final String description;
        private final List<String> keywords;

        Basic(String description, String... keywords) {
            this.description = description;
            this.keywords = List.of(keywords);
        }

        @Override
        public boolean accepts(Value value) {
            return switch (value) {
                case Value.Flag flag -> this == BOOLEAN;
                case Value.Num number -> this == NUMBER;
                case Value.Text text -> this == STRING;
                case Value.Reference reference -> this == REFERENCE;
                case Value.EnumRef type -> this == ENUM;
                case Value.Keyword keyword -> keywords.contains(keyword.word());
                default -> false;
            };
        }

        @Override
        public String describe() {
            return keywords.isEmpty() ? description : description + " (" + String.join(", ", keywords) + ")";
        }
    }

    /** A reference to a component of the given kinds. */
    record ReferenceTo(Set<ComponentKind> kinds) implements DataType {
        static final ReferenceTo ANY = new ReferenceTo(EnumSet.allOf(ComponentKind.class));

        @Override
        public boolean accepts(Value value) {
            return value instanceof Value.Reference;
        }

        @Override
        public String describe() {
            return "a reference to " + kinds.stream().map(ComponentKind::keyword).collect(Collectors.joining(" or "));
        }
    }

    /** An enumeration of the user's. */
    record OfEnum(EnumType type) implements DataType {
        @Override
        public boolean accepts(Value value) {
            return value instanceof Value.EnumValue(EnumType of, EnumType.Entry entry) && of.equals(type);
        }

        @Override
        public String describe() {
            return "an entry of enum " + type.name();
        }
    }

    /**
     * A structure of the user's.
     *
     * @param name       the type's name
     * @param base       what it extends
     * @param isAbstract whether only its extensions have values
     * @param members    member to type, the base's first
     */
    record OfStruct(String name, @Nullable OfStruct base, boolean isAbstract, Map<String, DataType> members)
            implements
                DataType {
        public OfStruct {
            members = new LinkedHashMap<>(members);
        }

        @Override
        public boolean accepts(Value value) {
            return value instanceof Value.Struct(String type, Map<String, Value> values)
                    && (type.equals(name) || values.keySet().containsAll(members.keySet()));
        }

        @Override
        public String describe() {
            return "a struct " + name;
        }
    }

    /** An array. */
    record ListOf(DataType element) implements DataType {
        @Override
        public boolean accepts(Value value) {
            return value instanceof Value.ListOf(List<Value> elements) && elements.stream().allMatch(element::accepts);
        }

        @Override
        public String describe() {
            return "an array, each element " + element.describe();
        }
    }

    /** Any of several. */
    record OneOf(List<DataType> choices) implements DataType {
        /** Whatever can be written without naming a type. */
        static final OneOf ANYTHING = of(Basic.STRING, Basic.BOOLEAN, Basic.NUMBER, Basic.REFERENCE);

        static OneOf of(DataType... choices) {
            return new OneOf(Arrays.asList(choices));
        }

        @Override
        public boolean accepts(Value value) {
            return choices.stream().anyMatch(choice -> choice.accepts(value));
        }

        @Override
        public String describe() {
            return choices.stream().map(DataType::describe).collect(Collectors.joining(" or "));
        }
    }
}
