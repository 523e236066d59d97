package dev.openppu.cli.run;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.KernelParameter;
import dev.openppu.cli.BadInputException;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A number as a user wrote it, before it is known which type it must have.
 *
 * @param text  as written
 * @param whole its value, if it is a whole number without a fraction or an exponent
 */
record NumberText(String text, Optional<BigInteger> whole) {
    private static final Pattern HEXADECIMAL = Pattern.compile("[-+]?0[xX][0-9a-fA-F]+");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern FRACTION = Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?Infinity|NaN");

    /** A number, or nothing if the text is something else. */
    static Optional<NumberText> parse(String text) {
        if (HEXADECIMAL.matcher(text).matches()) {
            return Optional.of(of(new BigInteger(text.replaceFirst("0[xX]", ""), 16), text));
        }
        if (DECIMAL.matcher(text).matches()) {
            return Optional.of(of(new BigInteger(text), text));
        }
        return FRACTION.matcher(text).matches() ? Optional.of(new NumberText(text, Optional.empty())) : Optional.empty();
    }

    static NumberText of(long value) {
        return of(BigInteger.valueOf(value), String.valueOf(value));
    }

    private static NumberText of(BigInteger value, String text) {
        return new NumberText(text, Optional.of(value));
    }

    /**
     * The Java value that a launch takes for this parameter.
     *
     * @throws BadInputException if the number does not fit the parameter's type
     */
    Object valueFor(KernelParameter parameter) {
        DataType type = parameter.type();
        if (type.bytes() != parameter.bytes()) {
            throw new BadInputException("parameter " + parameter.name() + " takes " + parameter.bytes() + " bytes, not one number");
        }
        return switch (type) {
            case F32 -> whole.map(BigInteger::floatValue).orElseGet(() -> Float.parseFloat(text));
            case F64 -> whole.map(BigInteger::doubleValue).orElseGet(() -> Double.parseDouble(text));
            case U8, S8, B8 -> integer(parameter).byteValue();
            case U16, S16, B16 -> integer(parameter).shortValue();
            case U32, S32, B32 -> integer(parameter).intValue();
            case U64, S64, B64 -> integer(parameter).longValue();
            default -> throw new BadInputException(
                    "parameter " + parameter.name() + " has type " + type.text() + ", which no number on a command line has");
        };
    }

    private BigInteger integer(KernelParameter parameter) {
        DataType type = parameter.type();
        BigInteger value = whole.orElseThrow(
                () -> new BadInputException(parameter.name() + "=" + text + ": parameter " + parameter.name() + " is a whole number ("
                        + type.text() + ")"));
        boolean bits = type.kind() == DataType.Kind.BITS;
        boolean fits = value.signum() < 0
                ? (type.isSigned() || bits) && value.bitLength() < type.bits()
                : value.bitLength() <= (type.isSigned() ? type.bits() - 1 : type.bits());
        if (!fits) {
            throw new BadInputException(parameter.name() + "=" + text + " does not fit " + type.text());
        }
        return value;
    }
}
