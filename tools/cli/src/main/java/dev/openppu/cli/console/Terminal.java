package dev.openppu.cli.console;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a command prints.
 *
 * @param out results
 * @param err progress and errors
 * @param live whether lines may be rewritten: a person looks
 * @param colour whether colours may be used
 * @param unicode whether characters beyond ASCII can be shown
 */
public record Terminal(PrintStream out, PrintStream err, boolean live, boolean colour, boolean unicode) {
    private static final String ESCAPE = "\033[";
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    /** The terminal, or the files and pipes, of this process. */
    public static Terminal ofProcess() {
        Charset charset = Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"), StandardCharsets.US_ASCII);
        boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return of(stream(FileDescriptor.out, charset), stream(FileDescriptor.err, charset), charset, terminal, System.getenv());
    }

    static Terminal of(PrintStream out, PrintStream err, Charset charset, boolean terminal, Map<String, String> environment) {
        boolean live = terminal && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        boolean colour = live && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(out, err, live, colour, charset.equals(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(FileDescriptor descriptor, Charset charset) {
        return new PrintStream(new FileOutputStream(descriptor), true, charset);
    }

    /** The first text if it can be shown, else the second. */
    public String glyph(String text, String ascii) {
        return unicode ? text : ascii;
    }

    /** The text in a colour, where colours may be used. */
    public String paint(Colour paint, String text) {
        return colour ? ESCAPE + paint.code + "m" + text + ESCAPE + "0m" : text;
    }

    /** A line of somebody else's, a device's or a file's, that must have no power over the terminal. */
    public static String printable(String text) {
        return CONTROL.matcher(text).replaceAll("?");
    }

    /** What brings the cursor back to the begin of an empty line. */
    public String restartLine() {
        return "\r" + ESCAPE + "K";
    }

    /** Colours with a meaning. */
    public enum Colour {
        GOOD("32"), BAD("31"), CAUTION("33"), STRONG("1"), FAINT("2");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }
}
