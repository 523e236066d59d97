package dev.openppu.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code ppu} command: one subcommand per thing a user does with a device. */
@Command(name = "ppu", description = "Drives a PPU: the in-process model, or any other device link.", mixinStandardHelpOptions = true, versionProvider = BuildVersion.class)
public final class Main {
    private Main() {}

    /** Runs one command; the process ends with its exit status. */
    public static void main(String[] arguments) {
        if (arguments.length == 1 && arguments[0].equals("--version")) {
            // The one answer that needs no command tree, given without the time it takes to build one.
            System.out.println(BuildVersion.current());
            return;
        }
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
