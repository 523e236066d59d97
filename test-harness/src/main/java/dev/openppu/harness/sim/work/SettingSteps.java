package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextFlag;
import dev.openppu.driver.ContextLimit;
import dev.openppu.driver.ContextOptions;
import dev.openppu.driver.SchedulingPolicy;
import java.util.Arrays;
import java.util.Set;

/** Limits and options, of the tenant's second context, which nobody else sets; and which context is current to the tenant's thread. */
final class SettingSteps {
    /** More than any limit's upper bound. */
    private static final int LOG2_MOST = 36;

    private final Workbench bench;

    SettingSteps(Workbench bench) {
        this.bench = bench;
    }

    void perform(Step step) {
        Neighbour neighbour = bench.neighbour(step);
        switch (step.kind()) {
            case LIMITS -> limits(step, neighbour.context());
            case OPTIONS -> options(step, neighbour);
            case CURRENT -> {
                new CurrentSteps(bench, step).perform();
                uses(step, neighbour.context());
            }
            default -> throw new IllegalArgumentException(step + " sets nothing");
        }
    }

    /** A limit is what was set, clamped and rounded up: so a larger value is not a lower limit, and a limit set once more stays. */
    private void limits(Step step, Context context) {
        Claim claim = new Claim(bench, step);
        ContextLimit limit = ContextLimit.values()[step.below(30, ContextLimit.values().length)];
        if (limit == ContextLimit.DEV_RUNTIME_SYNC_DEPTH || limit == ContextLimit.DEV_RUNTIME_PENDING_LAUNCH_COUNT) {
            claim.refused(HgResult.UNSUPPORTED_LIMIT, "asking for " + limit, () -> context.limit(limit));
            claim.refused(HgResult.UNSUPPORTED_LIMIT, "setting " + limit, () -> context.setLimit(limit, 1));
            return;
        }
        long more = step.below(31, Integer.MAX_VALUE) * (1L << step.below(32, LOG2_MOST - Integer.SIZE));
        long less = more - step.below(33, (int) Math.min(Integer.MAX_VALUE, more + 1));
        long most = set(context, limit, Long.MAX_VALUE);
        long low = set(context, limit, less);
        long high = set(context, limit, more);
        claim.holds(low <= high, "%s set to %d is %d, and set to %d it is %d".formatted(limit, less, low, more, high), "no lower one");
        claim.holds(low >= Math.min(less, most) && high >= Math.min(more, most),
                "%s set to %d is %d, and set to %d it is %d".formatted(limit, less, low, more, high),
                "no less than what was set, up to %d".formatted(most));
        long again = set(context, limit, high);
        claim.holds(again == high, "%s of %d set to that is %d".formatted(limit, high, again), "what it was");
        claim.refused(HgResult.INVALID_VALUE, "a negative " + limit, () -> context.setLimit(limit, -1));
        claim.holds(context.limit(limit) == high, "%s of %d is %d when nothing has set it".formatted(limit, high, context.limit(limit)),
                "what it was");
    }

    private static long set(Context context, ContextLimit limit, long value) {
        context.setLimit(limit, value);
        return context.limit(limit);
    }

    /** With SYNC_MEMOPS a fill is done when it returns. */
    private void options(Step step, Neighbour neighbour) {
        Claim claim = new Claim(bench, step);
        Context context = neighbour.context();
        SchedulingPolicy policy = SchedulingPolicy.values()[step.below(30, SchedulingPolicy.values().length)];
        ContextOptions wanted = new ContextOptions(policy,
                step.below(31, 2) == 0 ? Set.of(ContextFlag.SYNC_MEMOPS) : Set.of(ContextFlag.MAP_HOST));
        context.setOptions(wanted);
        claim.holds(context.options().equals(wanted), "options set to %s are %s".formatted(wanted, context.options()), "what was set");
        claim.holds(context.scheduling() == policy || policy == SchedulingPolicy.AUTO && context.scheduling() != policy,
                "threads of a context with %s wait by %s".formatted(policy, context.scheduling()), "that, or what AUTO comes to");
        claim.refused(HgResult.NOT_SUPPORTED, "core dumps", () -> context.setOptions(wanted.with(ContextFlag.COREDUMP_ENABLE)));
        claim.holds(context.options().equals(wanted), "options that were refused are set: " + context.options(), wanted.toString());
        Contents contents = neighbour.contents();
        bench.order(contents, context.defaultStream(), step);
        Part part = Part.of(contents.length(), contents.length(), step, 32);
        context.fill32(contents.buffer(), part.offset(), step.number(), part.count());
        Arrays.fill(contents.words(), part.from(), part.from() + part.count(), step.number());
        if (wanted.flags().contains(ContextFlag.SYNC_MEMOPS)) {
            claim.holds(context.defaultStream().idle(), "a fill under SYNC_MEMOPS is under way when it has returned", "that it is done");
        }
    }

    private void uses(Step step, Context other) {
        Claim claim = new Claim(bench, step);
        other.attach();
        claim.holds(other.useCount() == 2, "a context attached once more has %d users".formatted(other.useCount()), "2");
        other.detach();
        claim.holds(other.useCount() == 1, "behind a detach it has %d users".formatted(other.useCount()), "1");
    }
}
