package dev.openppu.harness.ledger;

import dev.openppu.harness.cover.Coverage;
import dev.openppu.harness.input.JsonObject;
import dev.openppu.harness.sim.Account;
import dev.openppu.harness.sim.LifeResult;
import dev.openppu.harness.sim.Scene;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.model.fault.Strike;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A life as one line of a campaign's file. It follows from the campaign and the seed alone: no times of this machine, no names of it; so two lines of one seed are the same, byte for byte.
 *
 * @param failure what did not hold; empty if all did
 * @param scenes what has struck, and what was under way
 */
public record LifeLine(long seed, Optional<Failure> failure, List<Scene> scenes, int steps, int losses, int epochs, long simulatedNanos,
        Coverage coverage) {

    /**
     * What did not hold.
     *
     * @param invariant its id
     * @param rule in words
     * @param source where the rule stands
     * @param expected what should have been seen
     * @param again the command that lives it again
     */
    public record Failure(String invariant, String rule, String source, String expected, String seen, String again) {}

    /** @throws IllegalArgumentException if the life has no account */
    public static LifeLine of(LifeResult life) {
        Account account = life.account().orElseThrow(() -> new IllegalArgumentException("a life without an account"));
        return new LifeLine(life.spec().seed(), life.violation().map(violation -> failure(life, violation)), account.scenes(), life.steps(),
                life.losses(), life.epochs(), life.simulatedNanos(), account.coverage());
    }

    private static Failure failure(LifeResult life, Violation violation) {
        return new Failure(violation.invariant().id(), violation.invariant().rule(), violation.invariant().source(), violation.expected(),
                String.valueOf(violation.getMessage()), life.spec().command());
    }

    public boolean passed() {
        return failure.isEmpty();
    }

    /** Without the line's end. */
    public String text() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("type", "life");
        line.put("seed", seed);
        line.put("passed", passed());
        failure.ifPresent(what -> {
            line.put("invariant", what.invariant());
            line.put("rule", what.rule());
            line.put("source", what.source());
            line.put("expected", what.expected());
            line.put("seen", what.seen());
            line.put("again", what.again());
        });
        line.put("struck", scenes.stream().map(LifeLine::scene).toList());
        line.put("steps", steps);
        line.put("losses", losses);
        line.put("epochs", epochs);
        line.put("simulatedNanos", simulatedNanos);
        line.put("packets", coverage.packets());
        line.put("pageFaults", coverage.pageFaults());
        line.put("resets", coverage.resets());
        line.put("read", bits(coverage.read()));
        line.put("written", bits(coverage.written()));
        line.put("nonZero", bits(coverage.nonZero()));
        return Lines.text(line);
    }

    private static Map<String, Object> scene(Scene scene) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("fault", scene.strike().toString());
        object.put("during", scene.during());
        return object;
    }

    private static String bits(BitSet bits) {
        return HexFormat.of().formatHex(bits.toByteArray());
    }

    /**
     * @param where for messages
     * @throws LedgerException if this is no such line
     */
    static LifeLine parse(String text, String where) {
        JsonObject line = Lines.parse(text, where);
        if (!line.optionalText("type").orElse("").equals("life")) {
            throw new LedgerException(where + ": not the line of a life");
        }
        return Lines.read(() -> new LifeLine(line.number("seed"), failure(line),
                line.objects("struck").stream().map(LifeLine::scene).toList(), line.integer("steps"), line.integer("losses"),
                line.integer("epochs"), line.number("simulatedNanos"),
                new Coverage(line.counts("packets"), line.counts("pageFaults"), line.counts("resets"), bits(line, "read"),
                        bits(line, "written"), bits(line, "nonZero"))));
    }

    private static Optional<Failure> failure(JsonObject line) {
        return line.flag("passed")
                ? Optional.empty()
                : Optional.of(new Failure(line.text("invariant"), line.text("rule"), line.text("source"), line.text("expected"),
                        line.text("seen"), line.text("again")));
    }

    private static Scene scene(JsonObject struck) {
        return new Scene(struck.parsed("fault", LifeLine::strike), struck.texts("during"));
    }

    private static Strike strike(String text) {
        return Strike.parse(text).stream().findFirst().orElseThrow(() -> new IllegalArgumentException("it names no fault"));
    }

    private static BitSet bits(JsonObject line, String name) {
        return BitSet.valueOf(line.bytes(name));
    }
}
