package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.register.RegisterCatalog;

import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ppu reg}: registers by name. */
@Command(name = "reg", sortOptions = false, synopsisSubcommandLabel = "COMMAND", description = "Lists, reads and writes registers by the names of ppu.rdl, decoded.", footerHeading = "%nNames:%n", footer = {
    "  block.register, block[index].register, block.register.field; without an index, all elements.%n",
    "%nExamples:%n  ppu reg list queue", "  ppu reg read boot.status id.capabilities.copy", "  ppu reg dump boot",
    "  ppu reg write fw.scratch[0]=0x1234 'interrupts.moderation.micros=50'"})
public final class RegCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private RegCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandLine commandLine(Invocation invocation) {
        CommandLine line = new CommandLine(new RegCommand(invocation));
        line.addSubcommand(new RegListCommand(invocation, RegisterCatalog::ofPpu));
        line.addSubcommand(new RegDumpCommand(invocation, RegisterCatalog::ofPpu));
        line.addSubcommand(new RegReadCommand(invocation, RegisterCatalog::ofPpu));
        line.addSubcommand(new RegWriteCommand(invocation, RegisterCatalog::ofPpu));
        return line;
    }

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        spec.commandLine().usage(invocation.terminal().err());
        return ExitStatus.BAD_INPUT;
    }
}
