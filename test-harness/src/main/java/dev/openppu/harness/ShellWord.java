package dev.openppu.harness;

import java.util.regex.Pattern;

/** Words of a command line that is printed to be run again: a POSIX shell makes of each what was given. */
public final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

    private ShellWord() {}

    /** The text, in quotes if a shell would read it as anything else. */
    public static String of(String text) {
        return PLAIN.matcher(text).matches() ? text : quoted(text);
    }

    /** The text in quotes. */
    public static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
