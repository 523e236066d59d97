package dev.openppu.bench.host;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Wakeup;
import dev.openppu.model.sim.FreeRunningWorld;
import dev.openppu.twin.CpuAffinity;
import dev.openppu.twin.CpuAffinity.Pin;
import dev.openppu.twin.Histogram;

/** Two threads that wait and wake through a link's runtime in turn, as a waiting host thread and the thread that delivers an interrupt do. */
public final class WakeLoop implements AutoCloseable {
    private final FreeRunningWorld world = new FreeRunningWorld(1);
    private final LinkRuntime runtime = world.runtime();
    private volatile long asked;
    private volatile long answered;

    /**
     * The calling thread and one on {@code otherCpu} (-1 for anywhere) wake each other, {@code count} times each.
     *
     * @param histogram takes half of each round trip
     */
    public void run(int otherCpu, int count, Histogram histogram) {
        long first = asked;
        Thread other = Thread.ofPlatform().daemon().name("wake-other").start(() -> answer(otherCpu, first, count));
        for (long i = first + 1; i <= first + count; i++) {
            long turn = i;
            long start = System.nanoTime();
            asked = turn;
            runtime.wake();
            runtime.await(() -> answered == turn, LinkRuntime.NEVER, WaitPolicy.SLEEP, Wakeup.any());
            histogram.record((System.nanoTime() - start) / 2);
        }
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("a benchmark was interrupted", e);
        }
    }

    private void answer(int cpu, long first, int count) {
        try (Pin _ = cpu < 0 ? () -> {} : CpuAffinity.pin(cpu)) {
            for (long i = first + 1; i <= first + count; i++) {
                long turn = i;
                runtime.await(() -> asked == turn, LinkRuntime.NEVER, WaitPolicy.SLEEP, Wakeup.any());
                answered = turn;
                runtime.wake();
            }
        }
    }

    @Override
    public void close() {
        world.close();
    }
}
