package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ppu dump}: what a device looked like when it failed. */
@Command(name = "dump", sortOptions = false, synopsisSubcommandLabel = "COMMAND", description = "Shows dumps, which the driver writes by itself on a hang or a loss, and takes them by hand.", footerHeading = "%nExamples:%n", footer = {
    "  ppu dump show /tmp/openppu-dump-00.jsonl", "  ppu dump take device.jsonl"})
final class DumpCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private DumpCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandLine commandLine(Invocation invocation) {
        CommandLine line = new CommandLine(new DumpCommand(invocation));
        line.addSubcommand(new DumpShowCommand(invocation));
        line.addSubcommand(new DumpTakeCommand(invocation));
        return line;
    }

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        spec.commandLine().usage(invocation.terminal().err());
        return ExitStatus.BAD_INPUT;
    }
}
