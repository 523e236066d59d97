package dev.openppu.driver.client;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Failure;
import dev.openppu.driver.PpuException;

/**
 * Whether the calling thread tells of work that has ended, and so runs the stages that depend on it. Nobody may wait for a device there: what it waits for may be told by this very
 * thread, and all other stages stand still meanwhile. Who would wait asks here first; submitting without a wait, and polling, are for any thread.
 */
public final class StageScope {
    private static final ScopedValue<Boolean> RUNNING = ScopedValue.newInstance();

    private StageScope() {}

    /** Completes a future on a thread of the driver's: what depends on it runs here, too. */
    public static void run(Runnable completion) {
        ScopedValue.where(RUNNING, true).run(completion);
    }

    public static boolean active() {
        return RUNNING.isBound();
    }

    /** @throws PpuException NOT_PERMITTED (800) in a stage */
    public static void refuseWait(String device, Object object) {
        if (active()) {
            throw new PpuException(Failure.of(HgResult.NOT_PERMITTED, device, object.toString(),
                    "a stage that depends on a stream's completion would have to wait for the device",
                    "only submit and poll in stages; hand what waits to another thread"));
        }
    }
}
