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
        CyclicBarrier begin = new CyclicBarrier(members + 1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            threads.add(Thread.ofPlatform().daemon().name("member-" + i).start(() -> {
                await(begin);
                work.run();
            }));
        }
        await(begin);
        long start = System.nanoTime();
        for (Thread thread : threads) {
            join(thread);
        }
        return System.nanoTime() - start;
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
