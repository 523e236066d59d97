package dev.openppu.driver.tix;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.StateSpace;
import java.util.List;
import java.util.stream.Stream;

/** Parses what declarations have in common. */
final class Declarations {
    /** Array length of {@code name} without brackets: one element. */
    static final int SCALAR = 0;
    /** Array length of {@code name[]}. */
    static final int UNSPECIFIED = -1;

    private static final int MAX_ALIGNMENT = 4096;
    private static final int MAX_ELEMENTS = 1 << 20;

    /** Type and alignment of a variable. */
    record Shape(DataType type, int alignment) {}

    private final TokenStream tokens;
    private final Names names;

    Declarations(TokenStream tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
    }

    /** {@code [.align n] .type}. */
    Shape shape() throws Mistake {
        int alignment = 1;
        if (tokens.takeDirective(".align")) {
            Token number = tokens.expectNumber("an alignment");
            alignment = Literal.asInt(Literal.parse(number, false), 1, MAX_ALIGNMENT, number, "an alignment");
            if (Integer.bitCount(alignment) != 1) {
                throw new Mistake(number, "alignment " + alignment + " is not a power of two");
            }
        }
        Token at = tokens.peek();
        DataType type = type();
        if (type == DataType.PRED) {
            throw new Mistake(at, "predicates are registers, not memory");
        }
        return new Shape(type, Math.max(alignment, type.bytes()));
    }

    DataType type() throws Mistake {
        Token token = tokens.next();
        DataType type = typeNamed(token.text());
        if (token.kind() != Token.Kind.DIRECTIVE || type == null) {
            throw new Mistake(token, "expected a type, found " + token.described(), Suggestion.among(typeNames(), token.text()));
        }
        return type;
    }

    static @org.jspecify.annotations.Nullable DataType typeNamed(String text) {
        for (DataType type : DataType.values()) {
            if (type.text().equals(text)) {
                return type;
            }
        }
        return null;
    }

    private static List<String> typeNames() {
        return Stream.of(DataType.values()).map(DataType::text).toList();
    }

    /** {@code [n]}, {@code []} or nothing. */
    int arrayLength() throws Mistake {
        if (!tokens.take('[')) {
            return SCALAR;
        }
        if (tokens.take(']')) {
            return UNSPECIFIED;
        }
        Token number = tokens.expectNumber("an array length");
        int length = Literal.asInt(Literal.parse(number, false), 1, MAX_ELEMENTS, number, "an array length");
        tokens.expect(']', "after the array length");
        return length;
    }

    /** A shared or local variable up to its semicolon; {@code name[]} begins where the launch's dynamic memory does. */
    void variable(StateSpace space, MemoryLayout layout) throws Mistake {
        Shape shape = shape();
        do {
            Token name = tokens.expectName("a variable's name");
            int length = arrayLength();
            if (length == UNSPECIFIED && space != StateSpace.SHARED) {
                throw new Mistake(name, "only .shared variables can leave their length to the launch");
            }
            long size = length == UNSPECIFIED ? 0 : (long) shape.type().bytes() * Math.max(1, length);
            int offset = layout.place(name, size, shape.alignment());
            names.declare(name, name.text(), new Symbol.Variable(space, shape.type(), offset, (int) size));
        } while (tokens.take(','));
        tokens.expect(';', "the declaration");
    }

}
