package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;

/** Whether the calling thread runs a host function of a stream, which may not call the API (facts §9.1): it would wait for what waits for it. */
final class HostFunctionScope {
    /** Bound to the stream's name while one of its functions runs. */
    private static final ScopedValue<String> RUNNING = ScopedValue.newInstance();

    private HostFunctionScope() {}

    static void run(String stream, Runnable function) {
        ScopedValue.where(RUNNING, stream).run(function);
    }

    /** @throws PpuException NOT_PERMITTED (800) in a host function */
    static void refuseCalls() {
        if (RUNNING.isBound()) {
            throw new PpuException(Failure.of(HgResult.NOT_PERMITTED, "any device", "host function of " + RUNNING.get(),
                    "a host function called the API", "hand the work to another thread"));
        }
    }
}
