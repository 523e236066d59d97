package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;

/** The calling thread was interrupted while it waited; its interrupt flag is set again. What it waited for goes on. NOT_READY (600), ours: the published interface knows no interrupts. */
public final class PpuInterruptedException extends PpuException {
    private static final long serialVersionUID = 1L;

    /** @param object what the thread waited for */
    public PpuInterruptedException(String device, String object, Throwable cause) {
        super(Failure.of(HgResult.NOT_READY, device, object,
                "thread " + Thread.currentThread().getName() + " was interrupted while it waited",
                "what was submitted goes on: wait for it again, or close it"), cause);
    }
}
