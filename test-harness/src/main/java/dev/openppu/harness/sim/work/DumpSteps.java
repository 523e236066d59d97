package dev.openppu.harness.sim.work;

import dev.openppu.driver.Compare;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Dumps of a device at work: whole, and with what the tenant has in them, a queue among that whose packets wait. */
final class DumpSteps {
    private static final int MOST_FILLS = 3;
    private static final long OPEN = 1;

    private final Workbench bench;
    private final Step step;
    private final Neighbour neighbour;
    private final Claim claim;

    DumpSteps(Workbench bench, Step step) {
        this.bench = bench;
        this.step = step;
        this.neighbour = bench.neighbour(step);
        this.claim = new Claim(bench, step);
    }

    /** @param judged to be asked behind it: whether what was read is what there was */
    void perform(BooleanSupplier judged) {
        Ppu ppu = neighbour.context().ppu();
        Stream stream = neighbour.stream();
        neighbour.settle(bench);
        int fills = 1 + step.below(30, MOST_FILLS);
        try (PinnedBuffer gate = neighbour.context().allocatePinned(Long.BYTES)) {
            gate.segment().set(ValueLayout.JAVA_LONG, 0, 0);
            stream.waitValue64(gate, 0, Compare.EQUAL, OPEN);
            for (int i = 0; i < fills; i++) {
                neighbour.fill(bench, step, step.number() + i);
            }
            int queue = stream.queue();
            List<JsonNode> lines = taken(ppu);
            boolean right = judged.getAsBoolean() && !neighbour.context().lost();
            gate.segment().set(ValueLayout.JAVA_LONG, 0, OPEN);
            stream.synchronize();
            if (right) {
                judge(ppu, lines, queue, fills, gate.address());
            }
        }
    }

    private List<JsonNode> taken(Ppu ppu) {
        try {
            Path file = Files.createTempFile("life", ".dump");
            try {
                ppu.dump(file, step.toString());
                return Files.readAllLines(file).stream().map(JsonMapper.shared()::readTree).toList();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void judge(Ppu ppu, List<JsonNode> lines, int queue, int fills, long gate) {
        JsonNode head = lines.getFirst();
        JsonNode end = lines.getLast();
        claim.holds(head.path("reason").asString().equals(step.toString()) && head.path("epoch").asInt() == ppu.epoch(), head.toString(),
                "a dump for %s in epoch %d".formatted(step, ppu.epoch()));
        claim.holds(
                end.path("section").asString().equals("end") && end.path("lines").asInt() == lines.size() && end.path("left").asInt() == 0,
                "%s behind %d lines".formatted(end, lines.size() - 1), "the end of a whole dump");
        claim.holds(of(lines, "problem").isEmpty(), "%s".formatted(of(lines, "problem")), "a dump without problems");
        int context = neighbour.context().id();
        claim.holds(of(lines, "context").stream().map(line -> line.path("what").asString())
                .anyMatch(what -> what.startsWith("context %d: alive".formatted(context))), "%s".formatted(of(lines, "context")),
                "context %d among others, alive".formatted(context));
        claim.holds(
                of(lines, "queue").stream()
                        .anyMatch(line -> line.path("queue").asInt() == queue && line.path("context").asInt() == context),
                "%s".formatted(of(lines, "queue")), "queue %d among others, of context %d".formatted(queue, context));
        List<JsonNode> packets = of(lines, "packet").stream().filter(line -> line.path("queue").asInt() == queue).toList();
        long waiting = packets.stream()
                .filter(line -> line.path("type").asString().equals("FILL") && line.path("state").asString().equals("waits"))
                .count();
        claim.holds(waiting == fills, "%s".formatted(packets), "%d fills that wait".formatted(fills));
        claim.holds(
                of(lines, "walk").stream().anyMatch(line -> line.path("context").asInt() == context && line.path("rootValid").asBoolean()
                        && line.path("steps").size() > 0),
                "%s".formatted(of(lines, "walk")),
                "walks of context %d, to what its packets name: they wait behind 0x%x".formatted(context, gate));
    }

    private static List<JsonNode> of(List<JsonNode> lines, String section) {
        return lines.stream().filter(line -> line.path("section").asString().equals(section)).toList();
    }
}
