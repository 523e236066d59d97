package dev.openppu.cli.report;

import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.harness.ledger.LifeLine;
import dev.openppu.harness.report.SuiteChange;
import java.io.PrintStream;
import java.util.Map;

/** A rule that did not hold in a run that somebody else has made, as its file tells it. */
record ReadFailure(String rule, String source, String expected, String seen, String again) {
    static ReadFailure of(LifeLine life) {
        LifeLine.Failure failure = life.failure().orElseThrow();
        return new ReadFailure(failure.rule(), failure.source(), failure.expected(), failure.seen(), failure.again());
    }

    static ReadFailure of(SuiteChange.Ended failed) {
        return new ReadFailure(failed.rule(), failed.source(), failed.expected(), failed.seen(), failed.again());
    }

    /** As {@code ppu sim} and {@code ppu conform} show what they find themselves. */
    void print(Terminal terminal, String word, String what) {
        PrintStream out = terminal.out();
        out.println(terminal.paint(Colour.BAD, word) + "  " + what);
        out.println("  rule:     " + Terminal.printable(rule) + " (" + Terminal.printable(source) + ")");
        out.println("  expected: " + Terminal.printable(expected));
        out.println("  seen:     " + Terminal.printable(seen));
        out.println("  again:    " + Terminal.printable(again));
    }

    /** What a life's line on this terminal is called. */
    static String title(LifeLine life) {
        return "seed " + life.seed() + ", " + life.failure().orElseThrow().invariant();
    }

    static Map<String, Object> json(String type, LifeLine life) {
        ReadFailure failure = of(life);
        return Json.object("type", type, "seed", life.seed(), "invariant", life.failure().orElseThrow().invariant(), "rule", failure.rule(),
                "source", failure.source(), "expected", failure.expected(), "seen", failure.seen(), "again", failure.again());
    }
}
