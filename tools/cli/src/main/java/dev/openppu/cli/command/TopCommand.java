package dev.openppu.cli.command;

import dev.openppu.cli.BuildVersion;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.rdl.RdlCommand;
import dev.openppu.cli.recording.ReplayCommand;
import dev.openppu.cli.recording.TraceCommand;
import dev.openppu.cli.report.ReportCommand;
import dev.openppu.cli.sim.SimCommand;
import dev.openppu.cli.sim.SoakCommand;
import dev.openppu.hal.record.RecordingException;
import dev.openppu.hal.record.RecordingLink;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
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

    /**
     * The command line for these arguments, ready to execute. Making a command costs milliseconds, so of all commands only those are made whose names are among the arguments;
     * all where there is none, for help and for the nearest name.
     */
    public static CommandLine commandLine(Terminal terminal, String... arguments) {
        TopCommand top = new TopCommand(terminal);
        CommandLine line = new CommandLine(top);
        Map<String, Supplier<Object>> commands = commands(new Invocation(top.options, terminal));
        List<String> named = new ArrayList<>(commands.keySet());
        named.retainAll(List.of(arguments));
        commands.forEach((name, command) -> {
            if (named.isEmpty() || named.contains(name)) {
                line.addSubcommand(command.get());
            }
        });
        line.setUsageHelpWidth(HELP_WIDTH).setUsageHelpLongOptionsMaxWidth(24);
        line.setOut(writer(terminal.out())).setErr(writer(terminal.err()));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        ParserErrors errors = new ParserErrors(top.options, terminal);
        List<String> words = ReplayCommand.withoutDevice(List.of(arguments));
        line.setExecutionStrategy(parsed -> recorded(words, new ErrorReport(top.options, terminal), parsed));
        line.setExecutionExceptionHandler(errors).setParameterExceptionHandler(errors);
        return line;
    }

    /** Runs the command; whoever asked for a recording and did not get all of it is told so at the end, and by the status. */
    private static int recorded(List<String> words, ErrorReport report, ParseResult parsed) {
        Queue<RecordingException> broken = new ConcurrentLinkedQueue<>();
        try {
            int status = ScopedValue.where(RecordingLink.COMMAND, words).where(RecordingLink.BROKEN, broken::add)
                    .call(() -> new CommandLine.RunLast().execute(parsed));
            return broken.isEmpty() || status != ExitStatus.OK ? status : ExitStatus.FAILED;
        } finally {
            broken.forEach(each -> report.fail(each, each.getMessage(), ExitStatus.FAILED));
        }
    }

    private static Map<String, Supplier<Object>> commands(Invocation invocation) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("bringup", () -> new BringupCommand(invocation));
        commands.put("conform", () -> new ConformCommand(invocation));
        commands.put("sim", () -> new SimCommand(invocation));
        commands.put("soak", () -> new SoakCommand(invocation));
        commands.put("report", () -> ReportCommand.commandLine(invocation));
        commands.put("trace", () -> new TraceCommand(invocation));
        commands.put("replay", () -> new ReplayCommand(invocation));
        commands.put("list", () -> new ListCommand(invocation));
        commands.put("info", () -> new InfoCommand(invocation));
        commands.put("metrics", () -> new MetricsCommand(invocation));
        commands.put("serve", () -> new ServeCommand(invocation));
        commands.put("run", () -> new RunCommand(invocation));
        commands.put("reset", () -> new ResetCommand(invocation));
        commands.put("drain", () -> new DrainCommand(invocation));
        commands.put("fw", () -> FwCommand.commandLine(invocation));
        commands.put("dump", () -> DumpCommand.commandLine(invocation));
        commands.put("bench", () -> new BenchCommand(invocation, System.getenv()));
        commands.put("reg", () -> RegCommand.commandLine(invocation));
        commands.put("guest", () -> GuestCommand.commandLine(invocation));
        commands.put("rdl", () -> RdlCommand.commandLine(invocation));
        return commands;
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
