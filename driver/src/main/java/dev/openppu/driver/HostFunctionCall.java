package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.client.CallbackThreads;
import dev.openppu.driver.client.StageScope;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the host does in the order of a stream, when its turn has come.
 *
 * @param stream names it
 * @param admission throws what lost the context of the stream meanwhile: then the function does not run
 * @param release lets the stream go on
 */
record HostFunctionCall(String stream, Runnable admission, Runnable function, Runnable release, CompletableFuture<Void> outcome)
        implements
            CallbackThreads.Callback {
    private static final System.Logger LOG = System.getLogger(HostFunctionCall.class.getName());

    @Override
    public void run() {
        try {
            admission.run();
        } catch (PpuException lost) {
            StageScope.run(() -> tell(lost));
            return;
        }
        Throwable failure = null;
        try {
            function.run();
        } catch (Throwable e) { // whatever it is: the stream goes on
            failure = e;
            LOG.log(Level.WARNING, () -> "the host's part of the work of " + stream + " failed: " + e);
        }
        release.run();
        Throwable result = failure;
        StageScope.run(() -> tell(result));
    }

    @SuppressWarnings("NullAway") // a future of Void has no other value
    private void tell(@Nullable Throwable failure) {
        if (failure == null) {
            outcome.complete(null);
        } else {
            outcome.completeExceptionally(failure);
        }
    }

    @Override
    public void abandon() {
        outcome.completeExceptionally(new PpuException(Failure.of(HgResult.DEINITIALIZED, "the device", stream,
                "the device was closed before the host had done its part", "wait for the stream before closing the device")));
    }
}
