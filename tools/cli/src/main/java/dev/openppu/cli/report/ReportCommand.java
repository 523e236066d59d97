package dev.openppu.cli.report;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;

import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ppu report}: what campaigns have written, put together. */
@Command(name = "report", sortOptions = false, description = "Puts the files of campaigns together, and compares campaigns and suites.")
public final class ReportCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ReportCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    public static CommandLine commandLine(Invocation invocation) {
        CommandLine line = new CommandLine(new ReportCommand(invocation));
        line.addSubcommand(new MergeCommand(invocation));
        line.addSubcommand(new CompareCommand(invocation));
        return line;
    }

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        spec.commandLine().usage(invocation.terminal().err());
        return ExitStatus.BAD_INPUT;
    }
}
