package dev.openppu.rdl.svd;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What {@code dim}, {@code dimIncrement} and {@code dimIndex} make of an element. */
final class Repetition {

    /** More elements than this can only be an array: each would be an instance of its own. */
    static final int LONGEST_LIST = 65_536;

    private static final String ARRAY = "[%s]";
    private static final String PLACE = "%s";

    private Repetition() {}

    /** Whether {@code name} makes its {@code dim} an array; elsewhere it is a list of instances that have names of their own. */
    static boolean isArray(String name) {
        return name.endsWith(ARRAY) && name.indexOf(PLACE) == name.length() - 3;
    }

    /** {@code name} without the place of an index. */
    static String plain(String name) {
        return name.replace(ARRAY, "").replace(PLACE, "");
    }

    /** {@code name} with an index in it. */
    static String indexed(String name, String index) {
        return name.replace(ARRAY, PLACE).replace(PLACE, index);
    }

    /** The indices of a list, {@code 0}, {@code 1}, … unless it has others; none where it is too long or no list. */
    static List<String> indices(SvdElement element) {
        String dim = element.text("dim");
        BigInteger count = dim == null ? null : SvdNumbers.parse(dim);
        if (count == null || count.bitLength() > 31 || count.intValue() > LONGEST_LIST) {
            return List.of();
        }
        List<String> given = given(element.text("dimIndex"));
        return given != null && given.size() == count.intValue()
                ? given
                : IntStream.range(0, count.intValue()).mapToObj(Integer::toString).toList();
    }

    /** {@code 2-5}, {@code A-D} or {@code a,b,c}; null for anything else. */
    private static @Nullable List<String> given(@Nullable String written) {
        if (written == null) {
            return null;
        }
        if (written.matches("\\d{1,6}\\s*-\\s*\\d{1,6}")) {
            String[] ends = written.split("-", -1);
            int from = Integer.parseInt(ends[0].strip());
            int to = Integer.parseInt(ends[1].strip());
            return to - from >= LONGEST_LIST ? null : IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
        }
        if (written.matches("[A-Za-z]\\s*-\\s*[A-Za-z]")) {
            return IntStream.rangeClosed(written.charAt(0), written.charAt(written.length() - 1)).mapToObj(Character::toString).toList();
        }
        List<String> names = new ArrayList<>();
        for (String name : written.split(",", -1)) {
            names.add(name.strip());
        }
        return names;
    }
}
