package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.Event;
import dev.openppu.driver.Kernel;
import dev.openppu.driver.Launch;
import dev.openppu.driver.MemoryPool;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Pitched;
import dev.openppu.driver.PitchedBuffer;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.RegisteredBuffer;
import dev.openppu.driver.Stream;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Set;

/**
 * Objects that are used when they are closed: memory of every kind as an argument of every call that takes some, events, streams, pools and code. Each is refused as such, in a context that is lost, too; any other failure is a
 * loss.
 */
final class ClosedSteps {
    private static final int BYTES = 256;
    private static final int PAGE = 4096;
    private static final int CALLS = 3;
    private static final Launch ONE_WARP = Launch.linear(1, 32);

    private final Workbench bench;
    private final Step step;
    private final Context context;
    private final Stream stream;
    private final PpuModule module;
    private final Claim claim;

    /** @param module has the {@link StepKernel} */
    ClosedSteps(Workbench bench, Step step, PpuModule module) {
        this.bench = bench;
        this.step = step;
        this.context = bench.context();
        this.stream = bench.stream(step);
        this.module = module;
        this.claim = new Claim(bench, step);
    }

    void perform() {
        switch (step.below(30, 10)) {
            case 0 -> event();
            case 1 -> stream();
            case 2 -> pool();
            case 3 -> code();
            default -> {
                try (DeviceBuffer open = context.allocate(BYTES)) {
                    DeviceMemory closed = memory();
                    for (int i = 0; i < CALLS; i++) {
                        use(closed, open, 40 + 10 * i);
                    }
                }
            }
        }
    }

    private DeviceMemory memory() {
        return switch (step.below(31, 7)) {
            case 0 -> {
                PinnedBuffer pinned = context.allocatePinned(BYTES);
                pinned.close();
                yield pinned;
            }
            case 1 -> {
                RegisteredBuffer registered = context.registerHost(Arena.ofAuto().allocate(PAGE, PAGE), Set.of());
                registered.close();
                yield registered;
            }
            case 2 -> {
                PooledBuffer pooled = stream.allocateAsync(BYTES);
                stream.freeAsync(pooled);
                claim.refused(HgResult.INVALID_VALUE, "freeing %s again".formatted(pooled), () -> stream.freeAsync(pooled));
                yield pooled;
            }
            case 3 -> {
                PitchedBuffer pitched = context.allocatePitched(BYTES, 2, Integer.BYTES);
                pitched.close();
                yield pitched.memory();
            }
            case 4 -> {
                DeviceBuffer whole = context.allocate(2 * BYTES);
                DeviceMemory part = whole.slice(BYTES, BYTES);
                whole.close();
                yield part;
            }
            default -> {
                DeviceBuffer buffer = context.allocate(BYTES);
                buffer.close();
                yield buffer;
            }
        };
    }

    /** @param open has room for an element of every size, so that nothing but what is closed is wrong */
    private void use(DeviceMemory closed, DeviceMemory open, int dice) {
        switch (step.below(dice, 4)) {
            case 0 -> refused("a kernel with " + closed, () -> stream.launch(module.kernel(StepKernel.NAME), ONE_WARP, closed, 0, 1));
            case 1 -> {
                Pitched rows = new Pitched(closed, 0, 1);
                Pitched others = new Pitched(open, 0, 1);
                switch (step.below(dice + 1, 3)) {
                    case 0 -> refused("a 2D fill of " + closed, () -> stream.fill2D8(rows, (byte) 1, 1, 1));
                    case 1 -> refused("a 2D copy to " + closed, () -> stream.copy2D(rows, others, 1, 1));
                    default -> refused("a 2D copy from " + closed, () -> stream.copy2D(others, rows, 1, 1));
                }
            }
            default -> {
                RangedCall call = RangedCall.ALL.get(step.below(dice + 1, RangedCall.ALL.size()));
                refused("%s of %s".formatted(call, closed), () -> call.make(stream, new RangedCall.Range(closed, 0, 1, open)));
            }
        }
    }

    private void event() {
        Event event = context.createEvent();
        if (step.below(31, 2) == 0) {
            stream.record(event);
        }
        event.close();
        refused("recording " + event, () -> stream.record(event));
        refused("a stream's wait for " + event, () -> stream.waitFor(event));
        refused("asking " + event, event::reached);
        refused("the wait for " + event, event::synchronize);
        refused("the time of " + event, event::deviceNanos);
    }

    private void stream() {
        try (DeviceBuffer open = context.allocate(BYTES)) {
            stream(open);
        }
    }

    private void stream(DeviceMemory open) {
        Stream closed = context.createStream();
        closed.close();
        List<RangedCall> calls = RangedCall.ALL.subList(0, RangedCall.ALL.size() - RangedCall.OF_OTHERS.size());
        RangedCall call = calls.get(step.below(31, calls.size()));
        refused("%s by %s".formatted(call, closed), () -> call.make(closed, new RangedCall.Range(open, 0, 1, open)));
        refused("a kernel in " + closed, () -> closed.launch(module.kernel(StepKernel.NAME), ONE_WARP, open, 0, 1));
        refused("pooled memory of " + closed, () -> closed.allocateAsync(BYTES).close());
        refused("a host function of " + closed, () -> closed.launchHostFunction(() -> {}).isDone());
        refused("the wait for " + closed, closed::synchronize);
        refused("asking " + closed, closed::idle);
        refused("a future of " + closed, () -> closed.done().isDone());
    }

    private void pool() {
        MemoryPool pool = context.createMemoryPool();
        pool.close();
        refused("memory of " + pool, () -> stream.allocateAsync(BYTES, pool).close());
    }

    private void code() {
        PpuModule unloaded = context.loadModule(StepKernel.CODE);
        Kernel kernel = unloaded.kernel(StepKernel.NAME);
        unloaded.close();
        DeviceMemory open = bench.buffer(step).buffer();
        refused("a kernel of " + unloaded, () -> stream.launch(kernel, ONE_WARP, open, 0, 1));
        refused("a name in " + unloaded, () -> unloaded.kernel(StepKernel.NAME));
    }

    private void refused(String what, Runnable call) {
        claim.refused(HgResult.INVALID_HANDLE, what + ", which is closed,", call);
    }
}
