package dev.openppu.rdl.svd;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Warning;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds enumerations. A field may have one for reads and one for writes: the first has its say, the second adds values that are
 * new. A value with bits that do not matter becomes an entry for each value that it stands for.
 */
final class SvdEnums {

    private static final int MOST_VALUES_OF_ONE = 64;

    private final Derivation derivation;
    private final Diagnostics diagnostics;

    SvdEnums(Derivation derivation, Diagnostics diagnostics) {
        this.derivation = derivation;
        this.diagnostics = diagnostics;
    }

    /** The enumeration of {@code field}; null where it has none. */
    @Nullable
    EnumType read(SvdElement field, String fieldName, int width) {
        List<EnumType.Entry> entries = new ArrayList<>();
        Set<BigInteger> values = new HashSet<>();
        Set<String> names = new HashSet<>();
        String typeName = null;
        for (SvdElement list : field.all("enumeratedValues").toList()) {
            SvdElement complete = derivation.complete(list);
            typeName = typeName == null ? complete.text("name") : typeName;
            for (SvdElement entry : complete.all("enumeratedValue").toList()) {
                for (BigInteger value : values(entry, width)) {
                    if (values.add(value)) {
                        entries.add(new EnumType.Entry(unique(entry.text("name"), value, names), value, null, entry.text("description")));
                    }
                }
            }
        }
        return entries.isEmpty() ? null : new EnumType(typeName == null ? fieldName + "_e" : SvdNames.legal(typeName), entries);
    }

    private static String unique(@Nullable String name, BigInteger value, Set<String> names) {
        String wanted = SvdNames.legal(name == null ? "VALUE_" + value : name);
        String unique = names.contains(wanted) ? wanted + "_" + value : wanted;
        for (int i = 2; !names.add(unique); i++) {
            unique = wanted + "_" + value + "_" + i;
        }
        return unique;
    }

    /** What {@code entry} stands for; nothing where it stands for all other values, or for none that the field can have. */
    private List<BigInteger> values(SvdElement entry, int width) {
        SvdElement element = entry.child("value");
        if (element == null) {
            return List.of();
        }
        String text = element.text().strip().toLowerCase(Locale.ROOT);
        List<BigInteger> values = text.matches("(#|0b)[01x]+") ? matching(text.replaceFirst("#|0b", "")) : single(text);
        if (values.isEmpty()) {
            diagnostics.error(element.span(), "'" + element.text().strip() + "' is no value of a field");
        } else if (values.stream().anyMatch(value -> value.bitLength() > width)) {
            diagnostics.warning(Warning.NOT_STANDARD, element.span(), "value " + element.text().strip() + " does not fit the " + width
                    + " bits of its field; it is left out");
            return List.of();
        }
        return values;
    }

    private static List<BigInteger> single(String text) {
        BigInteger value = SvdNumbers.parse(text);
        return value == null ? List.of() : List.of(value);
    }

    /** The values that a pattern of 0, 1 and x stands for; of very many only the one with every x 0. */
    private static List<BigInteger> matching(String pattern) {
        List<BigInteger> values = new ArrayList<>(List.of(BigInteger.ZERO));
        boolean all = pattern.chars().filter(c -> c == 'x').count() <= 63 - Long.numberOfLeadingZeros(MOST_VALUES_OF_ONE);
        for (int i = 0; i < pattern.length(); i++) {
            char digit = pattern.charAt(i);
            values.replaceAll(value -> value.shiftLeft(1).add(digit == '1' ? BigInteger.ONE : BigInteger.ZERO));
            if (digit == 'x' && all) {
                List.copyOf(values).forEach(value -> values.add(value.setBit(0)));
            }
        }
        return values;
    }
}
