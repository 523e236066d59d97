package dev.openppu.driver.owner;

import dev.openppu.driver.Failure;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.owner.OwnerService.ContextLoss;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The owner's record of one context. Thread-safe. */
final class ClientContext {
    private final int handle;
    private final int number;
    private final AddressSpace space;
    /** The collector frees it when neither half holds it any more: a client may look at the status of a context that is long closed. */
    private final MemorySegment status = Arena.ofAuto().allocate(ContextStatus.BYTES, ContextStatus.BYTES);
    private @Nullable ContextLoss loss;

    ClientContext(int handle, int number, AddressSpace space) {
        this.handle = handle;
        this.number = number;
        this.space = space;
    }

    int handle() {
        return handle;
    }

    /** Number in the device. */
    int number() {
        return number;
    }

    AddressSpace space() {
        return space;
    }

    MemorySegment status() {
        return status;
    }

    boolean alive() {
        return ContextStatus.acquire(status) == ContextStatus.ALIVE;
    }

    /** The first loss counts. */
    synchronized boolean lose(long newStatus, @Nullable ContextLoss newLoss) {
        if (!alive()) {
            return false;
        }
        loss = newLoss;
        ContextStatus.publish(status, newStatus);
        return true;
    }

    /** The device went, and the context with it. */
    void deviceLost(Failure why) {
        lose(ContextStatus.DEVICE_LOST, new ContextLoss(LossRole.COLLATERAL, Optional.empty(), Optional.of(why)));
    }

    /** The device was lost and has been reset: from now on this is what the client hears. */
    synchronized void epochEnded(ContextLoss newLoss) {
        if (alive() || ContextStatus.acquire(status) == ContextStatus.DEVICE_LOST) {
            loss = newLoss;
            ContextStatus.publish(status, ContextStatus.LOST);
        }
    }

    /** Whether it lost what it had by no fault of its own: with the device. */
    synchronized boolean bereft() {
        return ContextStatus.acquire(status) == ContextStatus.DEVICE_LOST
                || loss != null && loss.role() == LossRole.COLLATERAL;
    }

    synchronized void close() {
        ContextStatus.publish(status, ContextStatus.CLOSED);
    }

    synchronized Optional<ContextLoss> loss() {
        return Optional.ofNullable(loss);
    }
}
