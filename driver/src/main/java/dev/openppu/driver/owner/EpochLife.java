package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.sync.DeviceWaits;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.WaitInterruptedException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The life of one epoch of a device: who may work on it still, and why nobody may any more. Thread-safe. */
final class EpochLife {
    private final DeviceAccess device;
    private final EpochGate gate;
    private final Consumer<PpuException> onFailure;
    private final AtomicReference<@Nullable PpuException> lost = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param onFailure what to do when something cannot be given back to the device: it is lost then */
    EpochLife(DeviceAccess device, Consumer<PpuException> onFailure) {
        this.device = device;
        this.gate = new EpochGate(device.runtime());
        this.onFailure = onFailure;
    }

    boolean lost() {
        return lost.get() != null;
    }

    Optional<PpuException> lossReason() {
        return Optional.ofNullable(lost.get());
    }

    /** The device is lost; {@code false} if it was already: the first reason counts. */
    boolean lose(PpuException why) {
        return lost.compareAndSet(null, why);
    }

    boolean closed() {
        return closed.get();
    }

    /** The owner is being closed; {@code false} if it was already. */
    boolean close() {
        return closed.compareAndSet(false, true);
    }

    /** Lets nobody in any more and waits until all have left; {@code false} if some stay. */
    boolean end(long deadlineNanos) {
        return gate.close(deadlineNanos);
    }

    /** Throws why the device is lost, or DEINITIALIZED when it was closed. */
    void requireUsable() {
        PpuException why = lost.get();
        if (why != null) {
            throw why;
        }
        if (closed.get()) {
            throw closedFailure();
        }
    }

    /** Runs what needs the device and gives something back; throws if the epoch has ended. */
    <T> T during(Supplier<T> work) {
        requireUsable();
        if (!gate.enter()) {
            device.requireCurrent();
            throw closedFailure();
        }
        try {
            return DeviceWaits.call(device::name, "device", work);
        } catch (DeviceLostException e) {
            onFailure.accept(e);
            throw e;
        } finally {
            gate.leave();
        }
    }

    /** As {@link #giveBack(Runnable, Predicate)}; every failure loses the device. */
    boolean giveBack(Runnable work) {
        return giveBack(work, failure -> true);
    }

    /**
     * Runs the device's part of giving something back, unless there is no device to give it to.
     *
     * @param fatal which failures lose the device, beside those of its link; others are the caller's
     * @return whether there was
     */
    boolean giveBack(Runnable work, Predicate<PpuException> fatal) {
        if (lost() || !gate.enter()) {
            return false;
        }
        try {
            work.run();
        } catch (PpuException e) {
            if (!fatal.test(e)) {
                throw e;
            }
            onFailure.accept(e);
        } catch (WaitInterruptedException e) { // no failure of the link's
            throw e;
        } catch (LinkException e) {
            onFailure.accept(DeviceWaits.lost(device.name(), "device", e));
        } finally {
            gate.leave();
        }
        return true;
    }

    private PpuException closedFailure() {
        return device.failure(HgResult.DEINITIALIZED, "device", "it is closed", "open it again");
    }
}
