package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.MemoryInfo;
import dev.openppu.driver.MemoryKind;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PointerAttributes;
import dev.openppu.driver.PriorityRange;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Questions whose answer is known: what an address belongs to, what memory is left, what a handle names, whether work that is held has been done. */
final class AskSteps {
    private static final int PAGE = 4096;
    private static final int MOST_PAGES = 40;
    /** Long enough for a look at the device, and no longer. */
    private static final Duration SHORTLY = Duration.ofNanos(20_000);

    private final Workbench bench;
    private final Context context;

    AskSteps(Workbench bench) {
        this.bench = bench;
        this.context = bench.context();
    }

    void perform(Step step) {
        switch (step.kind()) {
            case POINTERS -> pointers(step, bench.neighbour(step).context());
            case MEMORY_INFO -> memoryInfo(step);
            case HELD -> held(step, bench.neighbour(step));
            case HANDLES -> handles(step);
            default -> throw new IllegalArgumentException(step + " asks nothing");
        }
    }

    private void pointers(Step step, Context other) {
        Claim claim = new Claim(bench, step);
        DeviceMemory buffer = bench.buffer(step).buffer();
        long offset = step.below(30, (int) buffer.size());
        PointerAttributes found = context.pointer(buffer.address() + offset);
        PointerAttributes wanted = new PointerAttributes(buffer, buffer.address(), buffer.size(), offset);
        claim.holds(found.equals(wanted) && found.kind() == MemoryKind.DEVICE && found.context() == context,
                "0x%x belongs to %s".formatted(buffer.address() + offset, found), wanted.toString());
        DeviceBuffer closed = other.allocate(1L + step.below(31, PAGE));
        claim.holds(other.pointer(closed.address()).memory() == closed, closed + " is not what its address belongs to", "that it is");
        claim.refused(HgResult.INVALID_VALUE, "asking for the address behind " + closed,
                () -> other.pointer(closed.address() + closed.size()));
        closed.close();
        claim.refused(HgResult.INVALID_VALUE, "asking for the address of %s, which is closed,".formatted(closed),
                () -> other.pointer(closed.address()));
    }

    /** Other tenants come and go: so at least what this one has is taken. It lasts no longer than the context, which is asked behind it. */
    private void memoryInfo(Step step) {
        Claim claim = new Claim(bench, step);
        try (DeviceBuffer more = context.allocate((long) PAGE * (1 + step.below(30, MOST_PAGES)))) {
            long own = bench.deviceBytes() + more.size();
            MemoryInfo info = context.ppu().memoryInfo();
            context.streamPriorityRange(); // throws if it is lost, and with it what it had
            claim.holds(info.free() >= 0 && info.free() <= info.total() - own,
                    "%d bytes of %d are free".formatted(info.free(), info.total()),
                    "at least the %d that this tenant has are not".formatted(own));
            claim.refused(HgResult.OUT_OF_MEMORY, "more memory than there is", () -> context.allocate(info.total() + 1).close());
        }
    }

    /** Work behind a value that only the host stores: until then nobody may say that it is done. */
    private void held(Step step, Neighbour neighbour) {
        Claim claim = new Claim(bench, step);
        Stream stream = neighbour.stream();
        Compare compare = Compare.values()[step.below(30, Compare.values().length)];
        long value = 1L + step.below(31, 1 << 20);
        boolean timed = step.below(32, 2) == 0;
        try (PinnedBuffer gate = neighbour.context().allocatePinned(Long.BYTES);
                Event event = neighbour.context().createEvent(timed ? EventFlag.BLOCKING_SYNC : EventFlag.DISABLE_TIMING)) {
            claim.holds(event.query() == HgResult.SUCCESS, "an event that was never recorded is not reached", "that it is");
            gate.segment().set(ValueLayout.JAVA_LONG, 0, compare == Compare.NOR ? -1 : 0);
            neighbour.settle(bench);
            stream.waitValue64(gate, 0, compare, value);
            neighbour.fill(bench, step, step.number());
            stream.record(event);
            CompletableFuture<Void> done = stream.done();
            bench.promises().expect(step + " in " + neighbour.context(), done);
            claim.holds(stream.query() == HgResult.NOT_READY && event.query() == HgResult.NOT_READY && !done.isDone(),
                    "%s: work behind a value that was not stored is said to be done".formatted(stream), "that it is not");
            claim.refused(HgResult.TIMEOUT, "the end of a short wait for what is held", () -> stream.synchronize(SHORTLY));
            claim.refused(HgResult.TIMEOUT, "the end of a short wait for " + event, () -> event.synchronize(SHORTLY));
            claim.refused(timed ? HgResult.NOT_READY : HgResult.INVALID_HANDLE, "the time of " + event, event::deviceNanos);
            gate.segment().set(ValueLayout.JAVA_LONG, 0, compare == Compare.NOR ? 0 : value);
            event.synchronize();
            claim.holds(event.query() == HgResult.SUCCESS, event + " was waited for and is not reached", "that it is");
            stream.synchronize();
            claim.holds(stream.query() == HgResult.SUCCESS, stream + " was waited for and is not idle", "that it is");
        }
    }

    private void handles(Step step) {
        Claim claim = new Claim(bench, step);
        int priority = step.below(30, 12) - 7;
        PriorityRange range = context.streamPriorityRange();
        Stream made = context.createStream(StreamOptions.defaults().withPriority(priority).withNonBlocking(step.below(31, 2) == 0));
        claim.holds(made.priority() == Math.clamp(priority, range.greatest(), range.least()),
                "a stream made with priority %d has %d".formatted(priority, made.priority()), "the nearest of " + range);
        claim.holds(context.stream(made.handle()) == made && context.stream(0) == context.defaultStream()
                && context.stream(Stream.PER_THREAD_HANDLE) == context.perThreadDefaultStream(),
                "a handle names another stream than its own",
                "its own");
        bench.work(step, made);
        bench.retire(made);
        claim.refused(HgResult.INVALID_HANDLE, "the handle of a closed stream", () -> context.stream(made.handle()));
        claim.refused(HgResult.INVALID_HANDLE, "the end of a default stream", () -> context.defaultStream().close());
    }
}
