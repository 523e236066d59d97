package dev.openppu.harness.sim;

import dev.openppu.model.fault.FaultPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What came of many lives together. Not thread-safe. */
public final class CampaignResult {
    private static final int FAILURES_KEPT = 100;

    private final List<LifeResult> failures = new ArrayList<>();
    private final Map<FaultPoint, Integer> struck = new EnumMap<>(FaultPoint.class);
    private long lives;
    private long failed;
    private long steps;
    private long losses;
    private long simulatedNanos;

    void add(LifeResult life) {
        lives++;
        steps += life.steps();
        losses += life.losses();
        simulatedNanos += life.simulatedNanos();
        life.strikes().stream().map(strike -> strike.point()).collect(Collectors.toSet())
                .forEach(point -> struck.merge(point, 1, Integer::sum));
        if (!life.passed()) {
            failed++;
            if (failures.size() < FAILURES_KEPT) {
                failures.add(life);
            }
        }
    }

    public long lives() {
        return lives;
    }

    public long failed() {
        return failed;
    }

    /** Steps that did what they were to do. */
    public long steps() {
        return steps;
    }

    /** Steps that came to an error of the driver's instead. */
    public long losses() {
        return losses;
    }

    public long simulatedNanos() {
        return simulatedNanos;
    }

    /** In how many lives each point has struck; those that have not are left out. */
    public Map<FaultPoint, Integer> struck() {
        return Collections.unmodifiableMap(struck);
    }

    /** The first hundred that failed, in the order in which they ended. */
    public List<LifeResult> failures() {
        return Collections.unmodifiableList(failures);
    }
}
