package dev.openppu.cli.sim;

import dev.openppu.cli.console.Table;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.harness.sim.CampaignListener;
import dev.openppu.harness.sim.CampaignResult;
import dev.openppu.harness.sim.LifeResult;
import dev.openppu.harness.sim.LifeSpec;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.model.fault.Strike;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A campaign for people: a line that counts, each failure with the command that repeats it, and what has struck. */
final class SimText implements CampaignListener {
    private static final long REPAINT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Terminal terminal;
    private final PrintStream out;
    private final long lives;
    private final long began = System.nanoTime();
    private long paintedAt;
    private long ended;
    private long failed;

    SimText(Terminal terminal, long lives) {
        this.terminal = terminal;
        this.out = terminal.out();
        this.lives = lives;
    }

    @Override
    public void ended(LifeResult life) {
        ended++;
        if (!life.passed()) {
            failed++;
            clear();
            failure(life);
        }
        long now = System.nanoTime();
        if (terminal.live() && now - paintedAt > REPAINT_NANOS) {
            paintedAt = now;
            terminal.err().print(terminal.restartLine()
                    + "%,d of %,d lives, %,d failed, %,.0f a minute".formatted(ended, lives, failed, perMinute(ended)));
            terminal.err().flush();
        }
    }

    private void clear() {
        if (terminal.live()) {
            terminal.err().print(terminal.restartLine());
            terminal.err().flush();
        }
    }

    private double perMinute(long count) {
        return count * (double) TimeUnit.MINUTES.toNanos(1) / Math.max(1, System.nanoTime() - began);
    }

    private void failure(LifeResult life) {
        Violation violation = life.violation().orElseThrow();
        out.println(terminal.paint(Colour.BAD, "failed") + "  seed " + life.spec().seed() + ", " + violation.invariant().id());
        out.println("  rule:     " + violation.invariant().rule() + " (" + violation.invariant().source() + ")");
        out.println("  expected: " + Terminal.printable(violation.expected()));
        out.println("  seen:     " + Terminal.printable(String.valueOf(violation.getMessage())));
        out.println("  faults:   " + (life.strikes().isEmpty() ? "none" : Strike.script(life.strikes())));
        out.println("  again:    " + life.spec().command());
    }

    /** A smaller life that fails as well. */
    void shrinking(LifeSpec smaller) {
        if (terminal.live()) {
            terminal.err()
                    .print(terminal.restartLine()
                            + "shrinking: %d faults, %s steps".formatted(smaller.script().map(List::size).orElse(0),
                                    smaller.only().map(only -> Integer.toString(only.numbers().cardinality())).orElse("all")));
            terminal.err().flush();
        }
    }

    void shrunk(LifeResult smallest, int took) {
        clear();
        smallest.violation()
                .ifPresent(violation -> out.println("  smallest: " + smallest.spec().command() + "  (" + took + " lives; "
                        + smallest.strikes().size() + " faults, "
                        + smallest.spec().only().map(only -> Integer.toString(only.numbers().cardinality())).orElse("all") + " steps)"));
    }

    void print(CampaignRun.Outcome outcome) {
        CampaignResult result = outcome.result();
        clear();
        if (!result.struck().isEmpty()) {
            Table table = new Table("FAULT", "LIVES", "WHAT GOES WRONG");
            result.struck().forEach((point, count) -> table.row(point.id(), Integer.toString(count), point.text()));
            table.print(out, "");
            out.println();
        }
        String text = String.format(Locale.ROOT,
                "%,d lives, %,d failed; %,d steps done, %,d lost to faults; %.1f simulated seconds; %,.0f lives a minute", result.lives(),
                result.failed(), result.steps(), result.losses(), result.simulatedNanos() / 1e9, perMinute(result.lives()));
        if (!outcome.before().isEmpty()) {
            out.println(
                    "%,d lives were in the file already, %,d of them failed".formatted(outcome.before().size(), outcome.failedBefore()));
        }
        out.println(terminal.paint(outcome.good() ? Colour.GOOD : Colour.BAD, text));
    }
}
