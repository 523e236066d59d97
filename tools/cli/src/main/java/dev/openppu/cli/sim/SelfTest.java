package dev.openppu.cli.sim;

import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.planted.PlantedBug;
import dev.openppu.harness.sim.work.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether campaigns bite: each bug is planted and has to be found. For each invariant one bug is planted again, in lives that are not held to it, and has to be missed in the seeds in which it was
 * found: so it was that invariant which found it. Then the same seeds are lived without a bug, and have to pass.
 */
final class SelfTest {
    /** Seeds in which a bug has to be found. */
    static final long LIVES = 2_000;

    private final List<PlantedBug> bugs;
    private final SelfTestListener listener;
    private final List<Trial> trials = new ArrayList<>();
    private final Map<Ground, Long> searched = new LinkedHashMap<>();

    /** What a trial shows. */
    enum Kind {
        /** A bug is found, by the invariant that is there for it. */
        BUG,
        /** It is missed in the same seeds without that invariant. */
        INVARIANT_OFF,
        /** Without a bug the same seeds pass. */
        NO_BUG
    }

    /** One campaign, and what came of it. */
    record Trial(Kind kind, Hunt hunt, Hunt.Catch result) {
        boolean good() {
            return kind == Kind.BUG ? hunt.bug().orElseThrow().caughtBy().id().equals(result.invariant()) : !result.found();
        }
    }

    private record Ground(FaultProfile faults, Workload workload) {}

    SelfTest(List<PlantedBug> bugs, SelfTestListener listener) {
        this.bugs = bugs;
        this.listener = listener;
    }

    /** Runs all of it, one JVM after the other; whether everything was as it has to be. */
    boolean run() throws IOException {
        Set<Invariant> shown = EnumSet.noneOf(Invariant.class);
        for (PlantedBug bug : bugs) {
            Trial found = trial(Kind.BUG, new Hunt(Optional.of(bug), bug.faults(), bug.workload(), LIVES, Optional.empty()));
            searched.merge(new Ground(bug.faults(), bug.workload()), found.result().found() ? found.result().seed() : LIVES, Math::max);
            if (found.good() && bug.alone() && shown.add(bug.caughtBy())) {
                trial(Kind.INVARIANT_OFF,
                        new Hunt(Optional.of(bug), bug.faults(), bug.workload(), found.result().seed(), Optional.of(bug.caughtBy())));
            }
        }
        for (Map.Entry<Ground, Long> ground : searched.entrySet()) {
            trial(Kind.NO_BUG, new Hunt(Optional.empty(), ground.getKey().faults(), ground.getKey().workload(), ground.getValue(),
                    Optional.empty()));
        }
        listener.all(trials);
        return trials.stream().allMatch(Trial::good);
    }

    private Trial trial(Kind kind, Hunt hunt) throws IOException {
        listener.begins(hunt);
        Trial trial = new Trial(kind, hunt, hunt.run());
        trials.add(trial);
        listener.ended(trial);
        return trial;
    }
}
