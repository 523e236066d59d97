package dev.openppu.harness.report;

import dev.openppu.harness.ledger.LifeLine;
import dev.openppu.harness.ledger.Merge;
import dev.openppu.harness.sim.Scene;
import dev.openppu.model.fault.FaultPoint;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** What the lives of a campaign have used of the device, together. */
final class CampaignCounts {
    private final Map<FaultPoint, Map<String, Long>> struck = new EnumMap<>(FaultPoint.class);
    private final Map<String, Long> packets = new HashMap<>();
    private final Map<String, Long> pageFaults = new HashMap<>();
    private final Map<String, Long> resets = new HashMap<>();
    private final BitSet read = new BitSet();
    private final BitSet written = new BitSet();
    private final BitSet nonZero = new BitSet();
    private long steps;
    private long simulatedNanos;

    CampaignCounts(Merge campaign) {
        campaign.lives().forEach(line -> add(line.life()));
    }

    private void add(LifeLine life) {
        steps += life.steps();
        simulatedNanos += life.simulatedNanos();
        for (Scene scene : life.scenes()) {
            Map<String, Long> row = struck.computeIfAbsent(scene.strike().point(), point -> new HashMap<>());
            scene.during().forEach(operation -> row.merge(operation, 1L, Long::sum));
        }
        life.coverage().packets().forEach((kind, count) -> packets.merge(kind, count, Long::sum));
        life.coverage().pageFaults().forEach((kind, count) -> pageFaults.merge(kind, count, Long::sum));
        life.coverage().resets().forEach((kind, count) -> resets.merge(kind, count, Long::sum));
        read.or(life.coverage().read());
        written.or(life.coverage().written());
        nonZero.or(life.coverage().nonZero());
    }

    /** How often a fault has struck while the host was at something. */
    long struck(FaultPoint point, String operation) {
        return struck.getOrDefault(point, Map.of()).getOrDefault(operation, 0L);
    }

    Map<String, Long> packets() {
        return packets;
    }

    Map<String, Long> pageFaults() {
        return pageFaults;
    }

    Map<String, Long> resets() {
        return resets;
    }

    BitSet read() {
        return read;
    }

    BitSet written() {
        return written;
    }

    BitSet nonZero() {
        return nonZero;
    }

    long steps() {
        return steps;
    }

    long simulatedNanos() {
        return simulatedNanos;
    }
}
