package dev.openppu.cli.command;

import dev.openppu.cli.console.Terminal;

import java.io.PrintStream;

/**
 * What every command gets.
 *
 * @param options  options common to all
 * @param terminal where to print
 */
public record Invocation(GlobalOptions options, Terminal terminal) {

    /** Where results go. */
    public PrintStream out() {
        return terminal.out();
    }

    /** Whether results are printed as JSON. */
    public boolean json() {
        return options.json();
    }
}
