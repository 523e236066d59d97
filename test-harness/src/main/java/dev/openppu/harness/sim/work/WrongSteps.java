package dev.openppu.harness.sim.work;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.HostMemoryFlag;
import dev.openppu.driver.Kernel;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.RegisteredBuffer;
import dev.openppu.driver.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What programs do wrong. It is done in a context that no other tenant is in, with whatever is under way there, and costs that context; the tenant's other one, and those of others, go on.
 */
final class WrongSteps {
    private static final int PAGE = 4096;
    private static final int FEW_PAGES = 3;
    /** Too many to be invalidated one by one. */
    private static final int MANY_PAGES = 20;
    /** Nothing is ever mapped there. */
    private static final long NOWHERE = 0x5a5a_0000_0000L;
    /** Lowest address that is not canonical. */
    private static final long BEYOND = 1L << 47;
    /** Addresses below are never mapped. */
    private static final int LOWEST = 2 << 20;
    /** Some forty times what a block of any other kernel of lives takes. */
    private static final long WATCHDOG_CYCLES = 20_000;
    /** Longer than a mistake takes that no fault holds up. */
    private static final long FUNCTION_NANOS = 50_000_000;
    private static final int TOO_MANY_TURNS = 20_000;
    private static final Launch ONE_THREAD = Launch.of(Extent.of(1), Extent.of(1));
    private static final Launch TWO_WARPS = Launch.of(Extent.of(1), Extent.of(64));
    private static final List<Mistake> WITH_FREED = List.of(Mistake.LOADS_FREED, Mistake.LOADS_FREED, Mistake.STORES_TO_FREED,
            Mistake.FREES_WHAT_IS_USED);
    private static final List<Mistake> OTHERS = List.of(Mistake.values()).subList(Mistake.LOADS_NOWHERE.ordinal(), Mistake.values().length);

    private final Workbench bench;
    private final Neighbour neighbour;
    private final Step step;
    private final Context context;
    private final Stream stream;
    private final PpuModule module;

    WrongSteps(Workbench bench, Step step) {
        this.bench = bench;
        this.step = step;
        neighbour = bench.neighbour(step);
        neighbour.settle(bench);
        boolean shared = bench.context().primary();
        context = shared ? neighbour.context() : bench.context();
        stream = shared ? neighbour.stream() : bench.stream(step);
        module = context.loadModule(MistakeKernels.CODE);
    }

    /**
     * What is about to go wrong.
     *
     * @param address where the device meets it, if that is known
     * @param work submits it, or lets it go on
     */
    private record Attempt(OptionalLong address, Runnable work) {
        Attempt(long address, Runnable work) {
            this(OptionalLong.of(address), work);
        }

        Attempt(Runnable work) {
            this(OptionalLong.empty(), work);
        }
    }

    /** @param mistakes hears what came of it */
    void perform(Mistakes mistakes) {
        List<Mistake> kinds = step.kind() == Step.Kind.USE_FREED ? WITH_FREED : OTHERS;
        make(kinds.get(step.below(30, kinds.size())), mistakes);
    }

    /** Makes this one. */
    void make(Mistake mistake, Mistakes mistakes) {
        Attempt attempt = prepared(mistake);
        PpuException seen = step.below(36, 3) == 0 ? besideFunctions(attempt) : outcome(attempt);
        boolean right = mistakes.note("%s, in %s".formatted(step, context), mistake, attempt.address, module, context, seen);
        if (right) {
            new Claim(bench, step).refused(mistake.result(), "more work in a context that is lost", context::synchronize);
            if (context != neighbour.context()) {
                neighbour.verify(bench.rules(), "%s, which %s, in another context".formatted(step, mistake));
            }
        }
    }

    /** Host functions of the context are at work, and wait, when it goes wrong. */
    private @Nullable PpuException besideFunctions(Attempt attempt) {
        SlowFunction slow = SlowFunction.begin(bench, step, context, FUNCTION_NANOS);
        try {
            SlowFunction.Waiting next = slow.behind(bench, step, context);
            PpuException seen = outcome(attempt);
            next.judge();
            return seen;
        } finally {
            slow.end();
        }
    }

    private @Nullable PpuException outcome(Attempt attempt) {
        try {
            attempt.work.run();
            bench.promises().expect("work that goes wrong, " + step, stream.done());
            stream.synchronize();
            return null;
        } catch (PpuException e) {
            return e;
        }
    }

    private Attempt prepared(Mistake mistake) {
        return switch (mistake) {
            case LOADS_FREED, STORES_TO_FREED -> freed(mistake);
            case FREES_WHAT_IS_USED -> used();
            case LOADS_NOWHERE -> load(NOWHERE + 4L * step.below(31, 1 << 28));
            case STORES_TO_NULL -> store(4L * step.below(31, LOWEST / 4));
            case STORES_BEHIND_END -> {
                int pages = 1 + step.below(31, FEW_PAGES);
                yield store(context.allocate((long) pages * PAGE).address() + (long) pages * PAGE + 4L * step.below(32, PAGE / 4));
            }
            case STORES_BEYOND_ADDRESSES -> store(BEYOND + 4L * step.below(31, 1 << 28));
            case STORES_INTO_CODE -> store(inCode());
            case STORES_TO_READ_ONLY -> store(readOnly().address() + 4L * step.below(31, PAGE / 4));
            case COPIES_TO_READ_ONLY -> {
                DeviceBuffer from = context.allocate(4);
                RegisteredBuffer to = readOnly();
                yield new Attempt(to.address(), () -> stream.copy(to, 0, from, 0, 4));
            }
            case STORES_ASKEW -> {
                long address = context.allocate(8).address() + 1 + step.below(31, 3);
                yield new Attempt(() -> launch("store", address, 1));
            }
            case COUNTS_IN_HOST_MEMORY -> {
                PinnedBuffer counter = context.allocatePinned(4);
                yield new Attempt(() -> launch("count", counter));
            }
            case COUNTS_IN_CODE -> {
                long address = inCode();
                yield new Attempt(address, () -> launch("count", address));
            }
            case LOADS_BEHIND_SHARED -> new Attempt(() -> launch("shared"));
            case LOADS_BEHIND_LOCAL -> new Attempt(() -> launch("local"));
            case WAITS_AT_NO_BARRIER -> new Attempt(() -> stream.launch(kernel("barrier"), TWO_WARPS));
            case WAITS_FOR_EACH_OTHER -> new Attempt(() -> stream.launch(kernel("deadlock"), TWO_WARPS));
            case RUNS_TOO_LONG -> {
                context.ppu().setWatchdogCycles(WATCHDOG_CYCLES);
                long _ = context.ppu().deviceTime(); // a read: the limit is there before the kernel can be seen
                yield new Attempt(() -> launch("spin", TOO_MANY_TURNS));
            }
            case DIVIDES_BY_ZERO -> {
                DeviceBuffer out = context.allocate(4);
                yield new Attempt(() -> launch("divide", out, 0));
            }
        };
    }

    private long inCode() {
        return (kernel("store").descriptorAddress() & -PAGE) + 4L * step.below(31, PAGE / 4);
    }

    private Kernel kernel(String name) {
        return module.kernel(name);
    }

    private void launch(String kernel, Object... arguments) {
        stream.launch(kernel(kernel), ONE_THREAD, arguments);
    }

    private Attempt load(long address) {
        DeviceBuffer out = context.allocate(4);
        return new Attempt(address, () -> launch("load", address, out));
    }

    private Attempt store(long address) {
        return new Attempt(address, () -> launch("store", address, step.number()));
    }

    private RegisteredBuffer readOnly() {
        return context.registerHost(Arena.ofAuto().allocate(PAGE, PAGE), Set.of(HostMemoryFlag.READ_ONLY));
    }

    /** Memory that the kernel has used while it was there, and whose pages may be another context's by now. */
    private Attempt freed(Mistake mistake) {
        int pages = 1 + step.below(31, step.below(32, 2) == 0 ? FEW_PAGES : MANY_PAGES);
        long address;
        if (step.below(33, 3) == 0) {
            try (PinnedBuffer memory = context.allocatePinned((long) pages * PAGE)) {
                address = inside(memory.address(), pages);
                use(address);
            }
        } else {
            try (DeviceBuffer memory = context.allocate((long) pages * PAGE)) {
                stream.fill32(memory, 0, step.number(), (long) pages * PAGE / Integer.BYTES);
                address = inside(memory.address(), pages);
                use(address);
            }
            DeviceBuffer next = neighbour.context().allocate((long) pages * PAGE);
            neighbour.stream().fill32(next, 0, ~step.number(), (long) pages * PAGE / Integer.BYTES);
            neighbour.stream().synchronize();
        }
        return mistake == Mistake.LOADS_FREED ? load(address) : store(address);
    }

    private long inside(long base, int pages) {
        return base + 4L * step.below(34, pages * PAGE / 4);
    }

    /** While it is there it can be used. */
    private void use(long address) {
        launch("load", address, context.allocate(4));
        stream.synchronize();
    }

    /** A fill is held, and what it is to write is freed meanwhile: that waits for a while, and no longer. */
    private Attempt used() {
        PinnedBuffer gate = context.allocatePinned(Long.BYTES);
        long address;
        try (DeviceBuffer memory = context.allocate(PAGE)) {
            int word = step.below(31, PAGE / 4);
            address = memory.address() + 4L * word;
            stream.waitValue64(gate, 0, Compare.EQUAL, 1);
            stream.fill32(memory, 4L * word, 1, 1);
        }
        MemorySegment opened = gate.segment();
        return new Attempt(address, () -> opened.set(ValueLayout.JAVA_LONG, 0, 1));
    }
}
