package dev.openppu.bench;

import dev.openppu.bench.contest.LineResult;
import dev.openppu.bench.contest.Target.Reported;
import java.io.PrintStream;
import java.util.List;

/** Which lines met their targets. A target that could not be measured, for want of C, is not met; a line without a target is only reported. */
final class Verdict {
    private final List<LineResult> met;
    private final List<LineResult> missed;
    private final List<LineResult> unmeasured;
    private final List<LineResult> reported;

    Verdict(List<LineResult> lines) {
        this.reported = lines.stream().filter(line -> line.metric().target() instanceof Reported).toList();
        List<LineResult> held = lines.stream().filter(line -> !reported.contains(line)).toList();
        this.met = held.stream().filter(line -> line.ok().orElse(false)).toList();
        this.missed = held.stream().filter(line -> !line.ok().orElse(true)).toList();
        this.unmeasured = held.stream().filter(line -> line.ok().isEmpty()).toList();
    }

    boolean allMet() {
        return missed.isEmpty() && unmeasured.isEmpty();
    }

    /** A line for each target that is not met, and one that counts. */
    void print(PrintStream to) {
        missed.forEach(line -> to.printf("ppu bench: %s missed its target %s%n", line.metric().name(), line.metric().target().text()));
        unmeasured.forEach(line -> to.printf("ppu bench: %s has the target %s, but nothing to compare with: counts as missed%n",
                line.metric().name(), line.metric().target().text()));
        to.printf(
                "ppu bench: %d targets met, %d missed, %d not measurable here (count as missed); %d lines have no target and are only reported%n",
                met.size(), missed.size(), unmeasured.size(), reported.size());
    }
}
