package dev.openppu.harness.sim;

import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.work.StepSet;
import dev.openppu.harness.sim.work.Workload;
import dev.openppu.model.fault.Strike;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a life follows from.
 *
 * @param profile of the device: {@code zw810e}
 * @param seed decides order, times, work and faults
 * @param script exactly these faults, in place of those that the seed draws
 * @param only only these steps, by their numbers; all if empty
 * @param rules that it is held to
 */
public record LifeSpec(String profile, long seed, FaultProfile faults, Workload workload, Optional<List<Strike>> script,
        Optional<StepSet> only, Rules rules) {

    /** One of the profiles and workloads, where any of them was asked for. */
    public LifeSpec {
        faults = faults.ofLife(seed);
        workload = workload.ofLife(seed);
    }

    /** Held to all rules. */
    public LifeSpec(String profile, long seed, FaultProfile faults, Workload workload, Optional<List<Strike>> script,
            Optional<StepSet> only) {
        this(profile, seed, faults, workload, script, only, Rules.ALL);
    }

    public static LifeSpec of(String profile, long seed, FaultProfile faults, Workload workload) {
        return new LifeSpec(profile, seed, faults, workload, Optional.empty(), Optional.empty());
    }

    public LifeSpec withScript(List<Strike> strikes) {
        return new LifeSpec(profile, seed, faults, workload, Optional.of(List.copyOf(strikes)), only, rules);
    }

    public LifeSpec withOnly(StepSet steps) {
        return new LifeSpec(profile, seed, faults, workload, script, Optional.of(steps), rules);
    }

    /** The command line that lives it again. */
    public String command() {
        StringBuilder command = new StringBuilder("ppu sim --seeds " + seed + " --faults " + faults + " --workload " + workload);
        if (!profile.equals("zw810e")) {
            command.append(" --profile ").append(profile);
        }
        script.ifPresent(strikes -> command.append(" --script '").append(Strike.script(strikes)).append('\''));
        only.ifPresent(steps -> command.append(" --only ").append(steps));
        rules.off().forEach(invariant -> command.append(" --without ").append(invariant.id()));
        return command.toString();
    }
}
