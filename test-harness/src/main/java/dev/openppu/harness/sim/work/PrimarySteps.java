package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextFlag;
import dev.openppu.driver.ContextOptions;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PrimaryContext;
import dev.openppu.driver.PrimaryContext.State;
import dev.openppu.driver.SchedulingPolicy;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The primary context, which nobody else retains meanwhile, beside what it has to be: retained, released, reset, and set up in any order. What it is current to, it is by the caller's own doing.
 */
final class PrimarySteps {
    private static final int CALLS = 12;
    private static final int FEW_WORDS = 16;

    private final Step step;
    private final Claim claim;
    private final PrimaryContext primary;
    private final Set<Context> gone = new HashSet<>();
    private @Nullable Context present;
    private ContextOptions options;
    private int retained;

    PrimarySteps(Workbench bench, Step step) {
        this.step = step;
        this.claim = new Claim(bench, step);
        this.primary = bench.context().ppu().primaryContext();
        this.options = primary.state().options();
    }

    void perform() {
        ContextOptions before = options;
        Optional<Context> current = Context.current();
        try {
            for (int i = 0; i < CALLS; i++) {
                call(30 + 4 * i);
                requireState();
            }
            claim.holds(Context.current().equals(current), "the current context is " + Context.current(), "what it was: " + current);
        } finally {
            end();
        }
        requireState();
        claim.refused(HgResult.INVALID_CONTEXT, "a release of a primary context that nobody retains", primary::release);
        primary.setOptions(before);
    }

    private void call(int dice) {
        switch (step.below(dice, 9)) {
            case 0, 1, 2 -> retain();
            case 3, 4 -> release();
            case 5 -> {
                primary.reset();
                ends();
            }
            case 6 -> setUp(dice + 1);
            case 7 -> held();
            default -> use(dice + 1);
        }
    }

    private void retain() {
        Context context = primary.retain();
        retained++;
        Context wanted = present;
        if (wanted == null) {
            claim.holds(gone.stream().noneMatch(other -> other == context), "retaining gives %s, which is destroyed".formatted(context),
                    "a new one");
            present = context;
        } else {
            claim.holds(context == wanted, "retaining once more gives " + context, wanted.toString());
        }
    }

    private void release() {
        if (retained == 0) {
            claim.refused(HgResult.INVALID_CONTEXT, "a release too many", primary::release);
            return;
        }
        primary.release();
        retained--;
        if (retained == 0) {
            ends();
        }
    }

    private void ends() {
        Context context = present;
        if (context != null) {
            gone.add(context);
            present = null;
        }
    }

    /** A retention gives back what it took, once. */
    private void held() {
        retain();
        PrimaryContext.Retention held = primary.hold();
        claim.holds(held.context() == present, "held is " + held.context(), String.valueOf(present));
        held.close();
        held.close();
        requireState();
    }

    private void setUp(int dice) {
        SchedulingPolicy policy = SchedulingPolicy.values()[step.below(dice, SchedulingPolicy.values().length)];
        ContextOptions wanted = new ContextOptions(policy,
                step.below(dice + 1, 2) == 0 ? Set.of(ContextFlag.MAP_HOST) : Set.of(ContextFlag.SYNC_MEMOPS));
        if (present != null) {
            claim.refused(HgResult.PRIMARY_CONTEXT_ACTIVE, "setting up a primary context that there is", () -> primary.setOptions(wanted));
        } else {
            primary.setOptions(wanted);
            options = wanted;
        }
    }

    /** What is there works; what is gone does not, and cannot be closed by its users. */
    private void use(int dice) {
        for (Context context : gone) {
            claim.refused(HgResult.CONTEXT_IS_DESTROYED, "memory of " + context + ", which is gone,",
                    () -> context.allocate(1).close());
        }
        Context context = present;
        if (context == null) {
            return;
        }
        claim.refused(HgResult.INVALID_CONTEXT, "closing the primary context", context::close);
        claim.holds(context.options().equals(options), "the primary context has " + context.options(),
                "what it was set up with: " + options);
        int[] words = new int[FEW_WORDS];
        try (DeviceBuffer buffer = context.allocate((long) FEW_WORDS * Integer.BYTES)) {
            int value = step.below(dice, Integer.MAX_VALUE);
            context.fill32(buffer, 0, value, FEW_WORDS);
            context.copyToHost(MemorySegment.ofArray(words), buffer, 0);
            claim.holds(words[0] == value && words[FEW_WORDS - 1] == value, "a buffer filled with %d has %d".formatted(value, words[0]),
                    "what it was filled with");
        }
    }

    private void requireState() {
        State wanted = new State(present != null, options, retained);
        State state = primary.state();
        claim.holds(state.equals(wanted), "the primary context's state is " + state, wanted.toString());
    }

    /** Gives everything back, also where a call has failed. */
    private void end() {
        PpuException first = null;
        while (primary.state().retained() > 0) {
            try {
                primary.release();
            } catch (PpuException e) {
                first = first == null ? e : first;
            }
        }
        retained = 0;
        ends();
        if (first != null) {
            throw first;
        }
    }
}
