package dev.openppu.system.load;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.hal.LinkRuntime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Several tenants at work on one device while somebody makes things go wrong. Who loses a context, or the device, says what it heard and goes on with the next round; anything but
 * an exception of the driver's, and any wrong number, fails the run.
 */
final class Load {
    private final Ppu ppu;
    private final LinkRuntime runtime;
    private final boolean lying;
    private final AtomicInteger operations = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<PpuException> losses = Collections.synchronizedList(new ArrayList<>());
    private final List<LinkRuntime.Worker> workers = new ArrayList<>();

    /** @param lying the device may say that work is done which is not: wrong numbers are a loss like others */
    Load(Ppu ppu, boolean lying) {
        this.lying = lying;
        this.ppu = ppu;
        this.runtime = ppu.link().runtime();
    }

    /** Begins tenants that each do {@code rounds} rounds. */
    Load begin(int tenants, int rounds, long seed) {
        for (int i = 0; i < tenants; i++) {
            Tenant tenant = new Tenant(ppu, 31 * seed + i, operations);
            workers.add(runtime.start("tenant-" + i, () -> rounds(tenant, rounds)));
        }
        return this;
    }

    private void rounds(Tenant tenant, int rounds) {
        try {
            for (int i = 0; i < rounds; i++) {
                round(tenant);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private void round(Tenant tenant) {
        try {
            tenant.round();
            completed.incrementAndGet();
        } catch (PpuException e) {
            losses.add(e);
        } catch (WrongContents e) {
            if (!lying) {
                throw e;
            }
        }
    }

    /** Waits until so many operations have been submitted, or nobody submits any more. */
    void awaitOperations(int count) {
        runtime.await(() -> operations.get() >= count || workers.stream().noneMatch(LinkRuntime.Worker::alive), LinkRuntime.NEVER);
    }

    /** Waits for the end of all tenants, and throws what went wrong with one that should not. */
    Load end() {
        workers.forEach(worker -> worker.join(LinkRuntime.NEVER));
        workers.clear();
        Throwable wrong = failure.get();
        if (wrong != null) {
            throw new AssertionError("a tenant failed: " + wrong, wrong);
        }
        return this;
    }

    /** Rounds that ended with every number right. */
    int completed() {
        return completed.get();
    }

    /** What ended the other rounds. */
    List<PpuException> losses() {
        return List.copyOf(losses);
    }
}
