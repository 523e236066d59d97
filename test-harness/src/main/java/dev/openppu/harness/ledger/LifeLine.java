package dev.openppu.harness.ledger;

import dev.openppu.harness.cover.Coverage;
import dev.openppu.harness.sim.Account;
import dev.openppu.harness.sim.LifeResult;
import dev.openppu.harness.sim.Scene;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.model.fault.Strike;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

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
        JsonNode line = Lines.parse(text, where);
        if (!line.path("type").asString("").equals("life")) {
            throw new LedgerException(where + ": not the line of a life");
        }
        try {
            return new LifeLine(line.required("seed").asLong(), failure(line), scenes(line.required("struck")),
                    line.required("steps").asInt(),
                    line.required("losses").asInt(), line.required("epochs").asInt(), line.required("simulatedNanos").asLong(),
                    new Coverage(counts(line.required("packets")), counts(line.required("pageFaults")), counts(line.required("resets")),
                            bits(line.required("read")), bits(line.required("written")), bits(line.required("nonZero"))));
        } catch (IllegalArgumentException | tools.jackson.core.JacksonException e) {
            throw new LedgerException(where + ": the line of a life lacks something: " + e.getMessage(), e);
        }
    }

    private static Optional<Failure> failure(JsonNode line) {
        return line.required("passed").asBoolean()
                ? Optional.empty()
                : Optional.of(new Failure(line.required("invariant").asString(), line.required("rule").asString(),
                        line.required("source").asString(), line.required("expected").asString(), line.required("seen").asString(),
                        line.required("again").asString()));
    }

    private static List<Scene> scenes(JsonNode struck) {
        List<Scene> scenes = new ArrayList<>();
        for (JsonNode each : struck) {
            scenes.add(new Scene(Strike.parse(each.required("fault").asString()).getFirst(),
                    each.required("during").valueStream().map(JsonNode::asString).toList()));
        }
        return scenes;
    }

    private static Map<String, Long> counts(JsonNode object) {
        Map<String, Long> counts = new LinkedHashMap<>();
        object.propertyStream().forEach(each -> counts.put(each.getKey(), each.getValue().asLong()));
        return counts;
    }

    private static BitSet bits(JsonNode text) {
        return BitSet.valueOf(HexFormat.of().parseHex(text.asString()));
    }
}
