package dev.openppu.cli.rdl;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;

import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ppu rdl}: what can be done with register descriptions. */
@Command(name = "rdl", sortOptions = false, synopsisSubcommandLabel = "COMMAND", description = "Works on register descriptions of any device: SystemRDL 2.0, CMSIS-SVD, or a compiled map.", footerHeading = "%nExamples:%n", footer = {
    "  ppu rdl check chip.rdl", "  ppu rdl export --format c chip.rdl -o chip.h", "  ppu rdl export --format json --flat chip.rdl",
    "  ppu rdl diff old.rdl new.rdl", "  ppu rdl decode chip.rdl uart[0].status 0x13"})
public final class RdlCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private RdlCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** The command with those below it. */
    public static CommandLine commandLine(Invocation invocation) {
        CommandLine line = new CommandLine(new RdlCommand(invocation));
        line.addSubcommand(new RdlCheckCommand(invocation));
        line.addSubcommand(new RdlTreeCommand(invocation));
        line.addSubcommand(new RdlExportCommand(invocation));
        line.addSubcommand(new RdlDiffCommand(invocation));
        line.addSubcommand(new RdlServeCommand(invocation));
        line.addSubcommand(new RdlDecodeCommand(invocation));
        line.addSubcommand(new RdlEncodeCommand(invocation));
        return line;
    }

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        spec.commandLine().usage(invocation.terminal().err());
        return ExitStatus.BAD_INPUT;
    }
}
