package dev.openppu.rdl.svd;

import dev.openppu.rdl.source.Diagnostics;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as the schema lets them be written. */
final class SvdNumbers {

    private static final String SCALES = "kmgt";

    private final Diagnostics diagnostics;

    SvdNumbers(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** A decimal, {@code 0x} or {@code #} (binary; {@code 0b}, too) number, maybe scaled by k, m, g or t; null if it is none. */
    static @Nullable BigInteger parse(String written) {
        String text = written.strip().toLowerCase(Locale.ROOT);
        text = text.startsWith("+") ? text.substring(1) : text;
        try {
            if (text.startsWith("0x")) {
                return scaled(text.substring(2), 16);
            }
            if (text.startsWith("#") || text.startsWith("0b")) {
                return scaled(text.substring(text.startsWith("#") ? 1 : 2), 2);
            }
            return scaled(text, 10);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable BigInteger scaled(String digits, int radix) {
        int scale = digits.isEmpty() ? -1 : SCALES.indexOf(digits.charAt(digits.length() - 1));
        BigInteger value = new BigInteger(scale < 0 ? digits : digits.substring(0, digits.length() - 1), radix);
        return digits.length() > 64 || value.signum() < 0 ? null : value.shiftLeft(10 * (scale + 1));
    }

    /** The number in {@code element}'s child {@code name}; null where there is no such child, and, reported, where it is no number. */
    @Nullable
    BigInteger find(SvdElement element, String name) {
        SvdElement child = element.child(name);
        if (child == null) {
            return null;
        }
        BigInteger value = parse(child.text());
        if (value == null) {
            diagnostics.error(child.span(), "'" + child.text().strip() + "' is no number");
        }
        return value;
    }

    /** As {@link #find}, from 0 to {@code most}; {@code otherwise} where there is none. */
    long find(SvdElement element, String name, long most, long otherwise) {
        BigInteger value = find(element, name);
        if (value != null && value.compareTo(BigInteger.valueOf(most)) > 0) {
            SvdElement child = element.child(name);
            diagnostics.error(child == null ? element.span() : child.span(), name + " is 0x" + value.toString(16) + ", more than 0x"
                    + Long.toHexString(most));
            return otherwise;
        }
        return value == null ? otherwise : value.longValue();
    }

    /** As {@link #find(SvdElement, String, long, long)}; one that is missing is reported. */
    long require(SvdElement element, String name, long most) {
        if (element.child(name) == null) {
            diagnostics.error(element.span(), "this " + element.tag() + " has no " + name);
        }
        return find(element, name, most, 0);
    }
}
