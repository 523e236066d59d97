package dev.openppu.cli.sim;

import dev.openppu.cli.console.Table;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.harness.sim.Soak;
import dev.openppu.harness.sim.SoakFailure;
import dev.openppu.harness.sim.SoakResult;
import dev.openppu.harness.sim.SoakSpec;
import dev.openppu.harness.sim.Trend;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.model.fault.Strike;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A soak for people: a line of progress, what struck, what the process holds, and a failure with all that is known of it. */
final class SoakText {
    private static final int LAST_REPORTS = 20;
    private static final long ANOTHER_LINE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Terminal terminal;
    private final PrintStream out;
    private long lineAt = System.nanoTime();

    SoakText(Terminal terminal) {
        this.terminal = terminal;
        this.out = terminal.out();
    }

    SoakResult run(SoakSpec spec) {
        SoakResult result = new Soak(spec, this::progress).run();
        restart();
        result.failure().ifPresent(failure -> print(failure, spec));
        print(result);
        return result;
    }

    private void progress(SoakResult soFar) {
        if (terminal.live()) {
            terminal.err().print(terminal.restartLine() + line(soFar));
            terminal.err().flush();
        } else if (System.nanoTime() - lineAt >= ANOTHER_LINE_NANOS) {
            lineAt = System.nanoTime();
            terminal.err().println(line(soFar));
        }
    }

    private void restart() {
        if (terminal.live()) {
            terminal.err().print(terminal.restartLine());
            terminal.err().flush();
        }
    }

    private static String line(SoakResult soFar) {
        return "%,.0f s: %,d rounds, %,d steps done, %,d lost to faults, %,d epochs ended, powered on anew %,d times".formatted(
                soFar.seconds(), soFar.rounds(), soFar.steps(), soFar.losses(), soFar.epochs(), soFar.powerOns());
    }

    void print(SoakFailure failure, SoakSpec spec) {
        Violation violation = failure.violation();
        out.println(terminal.paint(Colour.BAD, "failed") + "  round " + failure.round() + " (" + failure.workload() + "), "
                + violation.invariant().id());
        out.println("  rule:       " + violation.invariant().rule() + " (" + violation.invariant().source() + ")");
        out.println("  expected:   " + Terminal.printable(violation.expected()));
        out.println("  seen:       " + Terminal.printable(String.valueOf(violation.getMessage())));
        out.println("  faults:     " + (failure.strikes().isEmpty() ? "none" : Strike.script(failure.strikes())));
        failure.underWay().forEach(line -> out.println("  under way:  " + line));
        failure.xids().stream().skip(Math.max(0, failure.xids().size() - LAST_REPORTS)).forEach(xid -> out.println("  reported:   " + xid));
        failure.recoveries().stream().skip(Math.max(0, failure.recoveries().size() - LAST_REPORTS))
                .forEach(recovery -> out.println("  recovery:   " + recovery));
        out.println("  threads:    " + failure.threads().map(Path::toString).orElse("no dump could be written to the folder "
                + spec.dumps().toAbsolutePath()));
        out.println("  like this:  " + spec.command() + "  (the same work and faults in another order: it may pass)");
        out.println();
    }

    private void print(SoakResult result) {
        if (!result.struck().isEmpty()) {
            Table faults = new Table("FAULT", "ROUNDS", "WHAT GOES WRONG");
            result.struck().forEach((point, count) -> faults.row(point.id(), Integer.toString(count), point.text()));
            faults.print(out, "");
            out.println();
        }
        Table counters = new Table("OF THE PROCESS", "UNIT", "FIRST", "EARLY", "LATE", "MOST", "GROWN");
        result.counters().forEach(trend -> counters.row(trend.name(), trend.unit(), Long.toString(trend.first()),
                Long.toString(trend.early()), Long.toString(trend.late()), Long.toString(trend.most()), verdict(trend)));
        counters.print(out, "");
        out.println();
        out.println(terminal.paint(result.good() ? Colour.GOOD : Colour.BAD, line(result)));
    }

    private static String verdict(Trend trend) {
        return !trend.judged() ? "too short to tell" : trend.grown() ? "yes, by more than " + trend.slack() : "no";
    }
}
