package dev.openppu.model.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.InterruptHold;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitInterruptedException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** A thread is interrupted while it holds interrupts back: the same of every world. */
final class HeldInterrupt {
    private static final long LATE_NANOS = 10_000_000_000L;

    private HeldInterrupt() {}

    static void comesBehindTheHold(World world) {
        LinkRuntime runtime = world.runtime();
        List<String> seen = new CopyOnWriteArrayList<>();
        AtomicBoolean gate = new AtomicBoolean();
        LinkRuntime.Worker worker = runtime.start("w", () -> {
            InterruptHold.during(() -> {
                seen.add("first " + runtime.await(gate::get, LinkRuntime.NEVER));
                InterruptHold.during(() -> runtime.sleep(1_000));
                seen.add("inside " + Thread.currentThread().isInterrupted());
            });
            seen.add("outside " + Thread.currentThread().isInterrupted());
            try {
                runtime.sleep(1_000);
            } catch (WaitInterruptedException e) {
                seen.add("ended");
            }
        });
        runtime.sleep(2_000_000);
        worker.interrupt();
        runtime.sleep(2_000_000);
        assertThat(seen).isEmpty();
        gate.set(true);
        runtime.wake();
        assertThat(worker.join(runtime.nanos() + LATE_NANOS)).isTrue();
        assertThat(seen).containsExactly("first true", "inside false", "outside true", "ended");
    }
}
