package dev.openppu.cli.register;

import dev.openppu.cli.BadInputException;
import dev.openppu.rdl.model.EnumType;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Values as users write them: {@code 12}, {@code 0x0c}, {@code 0b1100}, {@code 1_000}, or the name of an enum's entry. */
public final class ValueText {
    private ValueText() {}

    /**
     * The value that {@code text} stands for.
     *
     * @param target what gets the value; the message names it
     * @param names  the enum whose names may be used
     * @throws BadInputException if it is neither a number nor a name; the message says what would do
     */
    public static BigInteger parse(String text, String target, Optional<EnumType> names) {
        return names.flatMap(type -> type.find(text)).map(EnumType.Entry::value).or(() -> number(text))
                .orElseThrow(() -> new BadInputException("'" + text + "' is no value for " + target
                        + ": write a number (12, 0x0c, 0b1100)" + names.map(ValueText::list).orElse("")));
    }

    private static String list(EnumType type) {
        return ", or one of " + type.entries().stream().map(EnumType.Entry::name).collect(Collectors.joining(", "));
    }

    private static Optional<BigInteger> number(String text) {
        String plain = text.replace("_", "").toLowerCase(Locale.ROOT);
        try {
            BigInteger value = plain.startsWith("0x")
                    ? new BigInteger(plain.substring(2), 16)
                    : plain.startsWith("0b") ? new BigInteger(plain.substring(2), 2) : new BigInteger(plain);
            return value.signum() >= 0 ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
