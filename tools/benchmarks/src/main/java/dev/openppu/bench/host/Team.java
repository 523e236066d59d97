package dev.openppu.bench.host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/** Threads that begin at once. */
public final class Team {
    private Team() {}

    /** Runs {@code work} on so many threads; answers the nanoseconds from their common begin to the end of the last. */
    public static long time(int members, Runnable work) {
        long[] start = new long[1];
        CyclicBarrier begin = new CyclicBarrier(members, () -> start[0] = System.nanoTime());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            threads.add(Thread.ofPlatform().daemon().name("member-" + i).start(() -> {
                await(begin);
                work.run();
            }));
        }
        for (Thread thread : threads) {
            join(thread);
        }
        return System.nanoTime() - start[0];
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException("a benchmark was interrupted", e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("a benchmark was interrupted", e);
        }
    }
}
