package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ppu fw}: the device's firmware. */
@Command(name = "fw", sortOptions = false, synopsisSubcommandLabel = "COMMAND", description = "Shows the firmware and its slots in flash, reads its log, and updates it.", footerHeading = "%nExamples:%n", footer = {
    "  ppu fw show", "  ppu fw log", "  ppu fw update openppu-fw.img"})
final class FwCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private FwCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandLine commandLine(Invocation invocation) {
        CommandLine line = new CommandLine(new FwCommand(invocation));
        line.addSubcommand(new FwShowCommand(invocation));
        line.addSubcommand(new FwLogCommand(invocation));
        line.addSubcommand(new FwUpdateCommand(invocation));
        return line;
    }

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        spec.commandLine().usage(invocation.terminal().err());
        return ExitStatus.BAD_INPUT;
    }
}
