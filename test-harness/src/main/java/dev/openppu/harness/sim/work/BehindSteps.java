package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.harness.sim.check.Invariant;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

/**
 * Work of one stream behind a copy of another. Where the copy hangs, and the device is freed of it, the work behind it is not done: whoever looks at host memory sees both or neither. Nothing else is under way in
 * the context: of more queues that wait for each other one is halted after the other, and the first lets the next one go.
 */
final class BehindSteps {
    private static final int MOST_WORDS = 400;
    /** A queue that is reset lets go on at once what waits for it. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final long TOLD = 1;

    private final Workbench bench;
    private final LinkRuntime runtime;

    BehindSteps(Workbench bench) {
        this.bench = bench;
        this.runtime = bench.context().ppu().link().runtime();
    }

    void perform(Step step) {
        int[] numbers = BufferSteps.numbers(step, 1 + step.below(30, MOST_WORDS));
        long bytes = (long) numbers.length * Integer.BYTES;
        long flag = 2 * bytes;
        PinnedBuffer box = bench.context().allocatePinned(flag + Long.BYTES);
        MemorySegment memory = box.segment();
        memory.fill((byte) 0);
        MemorySegment.copy(MemorySegment.ofArray(numbers), 0, memory, 0, bytes);
        bench.synchronizeAll();
        Stream before = bench.stream(step);
        Stream behind = bench.otherStream(step);
        try (Event event = bench.context().createEvent(EventFlag.DISABLE_TIMING)) {
            if (step.below(31, 2) == 0) {
                bench.delay(step, before);
            }
            before.copy(box, bytes, box, 0, bytes);
            before.record(event);
            behind.waitFor(event);
            behind.writeValue64(box, flag, TOLD);
            behind.synchronize();
        } catch (PpuException e) {
            if (bench.alone() && hung(e) && runtime.await(() -> told(memory, flag), runtime.deadline(SOON_NANOS))) {
                look(step, numbers, memory.asSlice(bytes, bytes), " hangs, and the work behind it");
            }
            throw e;
        }
        look(step, numbers, memory.asSlice(bytes, bytes), " and the work behind it");
        if (!told(memory, flag)) {
            bench.rules().broken(Invariant.CONTENTS, "%s in %s: a value that was waited for is not there".formatted(step, behind));
        }
        box.close();
    }

    private void look(Step step, int[] numbers, MemorySegment copied, String what) {
        Contents.compare(bench.rules(), "%s in %s: a copy%s is done".formatted(step, bench, what), numbers, copied);
    }

    /** Its context is lost to a reset of what did not end. What fails otherwise lets go on what waits for it before anybody hears of that. */
    private static boolean hung(PpuException e) {
        return e instanceof ContextLostException lost && lost.role() == LossRole.CULPRIT && lost.fault().isEmpty()
                && lost.hgresult() == HgResult.LAUNCH_TIMEOUT;
    }

    private static boolean told(MemorySegment memory, long flag) {
        return (long) ValueLayout.JAVA_LONG.varHandle().getVolatile(memory, flag) == TOLD;
    }
}
