package dev.openppu.hal.library;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.irq.EventReceiver;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.irq.MsixControl;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** MSI-X by eventfds: counts what a thread of its own finds in the descriptors. */
final class LibraryInterrupts implements Interrupts, AutoCloseable {
    private static final long MESSAGE_ADDRESS = 0xFEE0_0000L;

    private final LibraryDevice device;
    private final MsixControl msix;
    private final IntConsumer arrived;
    private final AtomicLongArray delivered;
    private @Nullable EventReceiver receiver;

    /** @param arrived is told of each vector that a message came for, after it was counted */
    LibraryInterrupts(LibraryDevice device, MsixControl msix, IntConsumer arrived) {
        this.device = device;
        this.msix = msix;
        this.arrived = arrived;
        this.delivered = new AtomicLongArray(msix.vectors());
    }

    /** Where they would go on a bus: the library does not look at it. */
    private enum Messages implements MsixControl.Messages {
        UNUSED;

        @Override
        public long address(int vector) {
            return MESSAGE_ADDRESS;
        }

        @Override
        public int data(int vector) {
            return vector;
        }
    }

    @Override
    public int vectors() {
        return msix.vectors();
    }

    @Override
    public synchronized void enable(int count) {
        msix.enable(count, Messages.UNUSED, () -> {
            stopReceiving();
            for (int vector = 0; vector < msix.vectors(); vector++) {
                delivered.set(vector, 0);
            }
            receiver = receive(count);
        });
    }

    @Override
    public synchronized void disable() {
        msix.disable();
        stopReceiving();
    }

    private void stopReceiving() {
        EventReceiver former = receiver;
        receiver = null;
        if (former != null) {
            former.close();
        }
    }

    @Override
    public long delivered(int vector) {
        msix.require(vector);
        return delivered.getAcquire(vector);
    }

    @Override
    public void mask(int vector) {
        msix.require(vector);
        msix.mask(vector);
    }

    @Override
    public void unmask(int vector) {
        msix.require(vector);
        msix.unmask(vector);
    }

    @Override
    public boolean pending(int vector) {
        msix.require(vector);
        return msix.pending(vector);
    }

    /** After the device has been closed. */
    @Override
    public synchronized void close() {
        stopReceiving();
    }

    private EventReceiver receive(int count) {
        EventReceiver fresh = new EventReceiver("ppu-library-interrupts", count, this::take, this::letGo);
        try {
            for (int vector = 0; vector < count; vector++) {
                device.setInterrupt(vector, fresh.events().get(vector).number());
            }
        } catch (RuntimeException e) {
            fresh.close();
            throw e;
        }
        return fresh;
    }

    private void take(int vector, long count) {
        delivered.getAndAdd(vector, count);
        arrived.accept(vector);
    }

    private void letGo(int vector) {
        try {
            device.setInterrupt(vector, -1);
        } catch (LinkException e) {
            // closed: it writes to none any more
        }
    }
}
