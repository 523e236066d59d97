package dev.openppu.harness.sim;

import dev.openppu.harness.sim.work.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a soak does.
 *
 * @param profile of the device: {@code zw810e}
 * @param seed draws work and faults; the order of events is the machine's
 * @param workload of every round; each in turn if empty
 * @param length no round begins after it
 * @param dumps folder for a dump of all threads if an invariant does not hold
 */
public record SoakSpec(String profile, long seed, FaultProfile faults, Optional<Workload> workload, Duration length, Path dumps) {
    Workload workload(int round) {
        return workload.orElseGet(() -> Workload.all().get(round % Workload.all().size()));
    }

    /** The command line that does the same work with the same faults, in another order. */
    public String command() {
        StringBuilder command = new StringBuilder("ppu soak --work-seed " + seed + " --faults " + faults);
        workload.ifPresent(one -> command.append(" --workload ").append(one));
        if (!profile.equals("zw810e")) {
            command.append(" --profile ").append(profile);
        }
        return command.toString();
    }
}
