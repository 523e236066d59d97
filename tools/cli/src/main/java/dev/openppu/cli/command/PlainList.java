package dev.openppu.cli.command;

import dev.openppu.cli.console.Terminal;

import java.util.List;
import java.util.OptionalInt;

/**
 * {@code ppu list} without the parser of command lines, which takes longer to start than the command to run: its classes are too old for the JVM's ahead-of-time cache. Same
 * command, same errors.
 */
public final class PlainList {
    private static final List<String> TEXT = List.of("list");
    private static final List<List<String>> JSON = List.of(List.of("list", "--json"), List.of("--json", "list"));

    private PlainList() {}

    /** Runs the command and returns its exit status; empty, and nothing was done, where there is anything for the parser to do. */
    public static OptionalInt run(Terminal terminal, String... arguments) {
        List<String> words = List.of(arguments);
        boolean json = JSON.contains(words);
        if (!json && !words.equals(TEXT)) {
            return OptionalInt.empty();
        }
        GlobalOptions options = GlobalOptions.ofOutput(json);
        try {
            return OptionalInt.of(new ListCommand(new Invocation(options, terminal)).call());
        } catch (RuntimeException e) {
            return OptionalInt.of(new ErrorReport(options, terminal).of(e));
        }
    }
}
