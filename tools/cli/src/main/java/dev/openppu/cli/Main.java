package dev.openppu.cli;

import dev.openppu.cli.command.PlainList;
import dev.openppu.cli.command.TopCommand;
import dev.openppu.cli.console.Terminal;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The {@code ppu} command. */
public final class Main {
    private static final List<String> VERSION = List.of("--version", "-V");

    private Main() {}

    /** Runs one command; the process ends with its exit status. */
    public static void main(String[] arguments) {
        // What one machine writes another reads: numbers look the same wherever a command runs.
        Locale.setDefault(Locale.ROOT);
        // Asked alone, the version needs neither the command line's parser nor what stands behind the commands.
        if (arguments.length == 1 && VERSION.contains(arguments[0])) {
            System.out.println(String.join(System.lineSeparator(), new BuildVersion().getVersion()));
            return;
        }
        Terminal terminal = Terminal.ofProcess();
        OptionalInt plain = PlainList.run(terminal, arguments);
        int status = plain.isPresent() ? plain.getAsInt() : parseAndRun(terminal, arguments);
        // A plain list leaves no thread behind, and leaving without exit() spares the JVM the logger of exits.
        if (plain.isEmpty() || status != ExitStatus.OK) {
            System.exit(status);
        }
    }

    private static int parseAndRun(Terminal terminal, String[] arguments) {
        Logging.LOGGER.setLevel(List.of(arguments).contains("--debug") ? Level.INFO : Level.SEVERE);
        System.setProperty("java.awt.headless", "true");
        return TopCommand.commandLine(terminal, arguments).execute(arguments);
    }

    /** Made when it is first needed: it reads the JVM's configuration of logging. */
    private static final class Logging {
        /** Held here: a logger that nobody holds forgets its level. */
        private static final Logger LOGGER = Logger.getLogger("dev.openppu");
    }
}
