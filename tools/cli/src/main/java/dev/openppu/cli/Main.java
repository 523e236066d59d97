package dev.openppu.cli;

import dev.openppu.cli.command.TopCommand;
import dev.openppu.cli.console.Terminal;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The {@code ppu} command. */
public final class Main {
    private static final List<String> VERSION = List.of("--version", "-V");

    /** Held here: a logger that nobody holds forgets its level. */
    private static final Logger LOGGER = Logger.getLogger("dev.openppu");

    private Main() {}

    /** Runs one command; the process ends with its exit status. */
    public static void main(String[] arguments) {
        // Asked alone, the version needs neither the command line's parser nor what stands behind the commands.
        if (arguments.length == 1 && VERSION.contains(arguments[0])) {
            System.out.println(String.join(System.lineSeparator(), new BuildVersion().getVersion()));
            return;
        }
        LOGGER.setLevel(List.of(arguments).contains("--debug") ? Level.INFO : Level.SEVERE);
        System.setProperty("java.awt.headless", "true");
        System.exit(TopCommand.commandLine(Terminal.ofProcess(), arguments).execute(arguments));
    }
}
