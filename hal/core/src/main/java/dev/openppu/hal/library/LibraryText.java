package dev.openppu.hal.library;

import java.util.Locale;
import java.util.regex.Pattern;

/** What a library says of itself and of its failures, for people: it must have no power over the terminal or the log in which it ends. */
final class LibraryText {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    private LibraryText() {}

    /** One line, control characters as {@code \x1b}. */
    static String printable(String text) {
        return CONTROL.matcher(text.strip())
                .replaceAll(found -> "\\\\x%02x".formatted((int) found.group().charAt(0)).toLowerCase(Locale.ROOT));
    }
}
