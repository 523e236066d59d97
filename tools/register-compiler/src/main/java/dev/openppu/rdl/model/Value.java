package dev.openppu.rdl.model;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The value of a property, as elaboration left it. Immutable. */
public sealed interface Value {

    /** A boolean. */
    record Flag(boolean value) implements Value {
        /** {@code true} and {@code false}. */
        public static final Flag TRUE = new Flag(true);
        /** See {@link #TRUE}. */
        public static final Flag FALSE = new Flag(false);

        /** The one that holds {@code value}. */
        public static Flag of(boolean value) {
            return value ? TRUE : FALSE;
        }
    }

    /** A number, never negative. */
    record Num(BigInteger value) implements Value {
        /** The number {@code value}, read as unsigned. */
        public static Num of(long value) {
            return new Num(value >= 0 ? BigInteger.valueOf(value) : new BigInteger(Long.toUnsignedString(value)));
        }
    }

    /** A string, its escapes resolved. */
    record Text(String value) implements Value {}

    /** A word of the language: an access type, a side effect, an addressing mode, a precedence. */
    record Keyword(String word) implements Value {}

    /** An enumeration itself, as {@code encode} takes it. */
    record EnumRef(EnumType type) implements Value {}

    /** One entry of an enumeration. */
    record EnumValue(EnumType type, EnumType.Entry entry) implements Value {}

    /** An array. */
    record ListOf(List<Value> elements) implements Value {
        public ListOf {
            elements = List.copyOf(elements);
        }
    }

    /** A structure, its members in the order of their declaration. */
    record Struct(String type, Map<String, Value> members) implements Value {}

    /**
     * A reference to a component, or to a property of one, relative to the node that owns the property that holds it. It is
     * relative so that the elements of an array of blocks can share their contents: {@code up} levels above the owner stands the
     * block in which {@code steps} begin. A reference out of an array element, into the same element, carries no index.
     *
     * @param up       how many levels above the owner the steps begin; 1 is the owner's parent
     * @param steps    the names on the way down
     * @param property the property of the component at the end, or null where the component itself is meant
     */
    record Reference(int up, List<Step> steps, @Nullable String property) implements Value {
        public Reference {
            steps = List.copyOf(steps);
        }

        /** {@code a.b[2].c->property}, as it is written in a source. */
        @Override
        public String toString() {
            StringBuilder out = new StringBuilder();
            for (Step step : steps) {
                out.append(out.isEmpty() ? "" : ".").append(step.name());
                step.indices().forEach(index -> out.append('[').append(index).append(']'));
            }
            return property == null ? out.toString() : out.append("->").append(property).toString();
        }
    }

    /**
     * One name on a path.
     *
     * @param name    the instance's name
     * @param indices the element meant, one index for every dimension; empty where the instance is no array
     */
    record Step(String name, List<Long> indices) {
        public Step {
            indices = List.copyOf(indices);
        }
    }
}
