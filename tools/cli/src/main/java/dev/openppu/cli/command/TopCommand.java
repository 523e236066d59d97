package dev.openppu.cli.command;

import dev.openppu.cli.BuildVersion;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.rdl.RdlCommand;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ppu} itself: options common to all commands, and help. */
@Command(name = "ppu", sortOptions = false, synopsisSubcommandLabel = "COMMAND", versionProvider = BuildVersion.class, description = "Brings up and drives a PPU: the in-process model, or any other device link.", footerHeading = "%nExamples:%n", footer = {
    "  ppu bringup                       bring the model up from power-on and test it",
    "  ppu bringup --seed 7 --report out  the same, repeatable, "
            + "with a report",
    "  ppu info                          what the device is", "  ppu reg dump boot                 registers, decoded",
    "  ppu rdl check chip.rdl            register descriptions of any chip",
    "  ppu run examples/sobel.tix --image photo.png --out edges.png", "%nExit status: 0 done, 1 failed, 2 bad usage or input, 130 Ctrl-C."})
public final class TopCommand implements Callable<Integer> {
    private static final int HELP_WIDTH = 100;

    @Mixin
    private final GlobalOptions options = new GlobalOptions();

    @SuppressWarnings("UnusedVariable") // picocli acts on it
    @Option(names = {"-V", "--version"}, versionHelp = true, order = 105, description = "Print version and commit and exit.")
    private boolean version;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private TopCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The whole command line, ready to execute. */
    public static CommandLine commandLine(Terminal terminal) {
        TopCommand top = new TopCommand(terminal);
        Invocation invocation = new Invocation(top.options, terminal);
        CommandLine line = new CommandLine(top);
        line.addSubcommand(new BringupCommand(invocation));
        line.addSubcommand(new ListCommand(invocation));
        line.addSubcommand(new InfoCommand(invocation));
        line.addSubcommand(new MetricsCommand(invocation));
        line.addSubcommand(new RunCommand(invocation));
        line.addSubcommand(new ResetCommand(invocation));
        line.addSubcommand(new DrainCommand(invocation));
        line.addSubcommand(FwCommand.commandLine(invocation));
        line.addSubcommand(DumpCommand.commandLine(invocation));
        line.addSubcommand(new BenchCommand(invocation, System.getenv()));
        line.addSubcommand(RegCommand.commandLine(invocation));
        line.addSubcommand(RdlCommand.commandLine(invocation));
        line.setUsageHelpWidth(HELP_WIDTH).setUsageHelpLongOptionsMaxWidth(24);
        line.setOut(writer(terminal.out())).setErr(writer(terminal.err()));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        ErrorReport report = new ErrorReport(top.options, terminal);
        line.setExecutionExceptionHandler(report).setParameterExceptionHandler(report);
        return line;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        spec.commandLine().usage(terminal.err());
        return ExitStatus.BAD_INPUT;
    }
}
