package dev.openppu.cli.sim;

import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.planted.PlantedBug;

import java.io.PrintStream;
import java.util.List;

/** A self-test for people: a line a campaign, as it ends. */
final class SelfTestText implements SelfTestListener {
    private final Terminal terminal;
    private final PrintStream out;

    SelfTestText(Terminal terminal) {
        this.terminal = terminal;
        this.out = terminal.out();
    }

    @Override
    public void begins(Hunt hunt) {
        if (terminal.live()) {
            terminal.err().print(terminal.restartLine() + name(hunt) + " …");
            terminal.err().flush();
        }
    }

    @Override
    public void ended(SelfTest.Trial trial) {
        if (terminal.live()) {
            terminal.err().print(terminal.restartLine());
            terminal.err().flush();
        }
        String row = "%-26s %-34s %6.1f s  %s".formatted(name(trial.hunt()), outcome(trial), trial.result().nanos() / 1e9,
                explanation(trial));
        out.println(trial.good() ? row : terminal.paint(Colour.BAD, row));
        if (!trial.good() && trial.result().found()) {
            out.println("  seen: " + Terminal.printable(String.valueOf(trial.result().seen())));
        }
    }

    private static String name(Hunt hunt) {
        return hunt.bug().map(PlantedBug::name).orElse("(no bug)");
    }

    private static String outcome(SelfTest.Trial trial) {
        Hunt.Catch result = trial.result();
        String found = result.found() ? "seed %d by %s".formatted(result.seed(), result.invariant()) : "no seed of " + trial.hunt().lives();
        return switch (trial.kind()) {
            case BUG -> result.found() ? found : "MISSED: " + found;
            case INVARIANT_OFF, NO_BUG -> found;
        } + (trial.good() ? "" : "  !");
    }

    private static String explanation(SelfTest.Trial trial) {
        Hunt hunt = trial.hunt();
        return switch (trial.kind()) {
            case BUG -> hunt.bug().orElseThrow().standsFor();
            case INVARIANT_OFF -> "missed without " + hunt.off().map(Invariant::id).orElseThrow();
            case NO_BUG -> "passes: faults %s, workload %s".formatted(hunt.faults(), hunt.workload());
        };
    }

    @Override
    public void all(List<SelfTest.Trial> trials) {
        long bad = trials.stream().filter(trial -> !trial.good()).count();
        long bugs = trials.stream().filter(trial -> trial.kind() == SelfTest.Kind.BUG).count();
        long found = trials.stream().filter(trial -> trial.kind() == SelfTest.Kind.BUG && trial.good()).count();
        String text = "%d of %d bugs found; %d of %d campaigns as they have to be; %.0f s".formatted(found, bugs, trials.size() - bad,
                trials.size(), trials.stream().mapToLong(trial -> trial.result().nanos()).sum() / 1e9);
        out.println(terminal.paint(bad == 0 ? Colour.GOOD : Colour.BAD, text));
    }
}
