package dev.openppu.hal.vfiouser;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.irq.EventReceiver;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.irq.MsixControl;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** MSI-X by eventfds that the server has: counts what a thread of its own finds in them. */
final class RemoteInterrupts implements Interrupts, AutoCloseable {
    private static final long MESSAGE_ADDRESS = 0xFEE0_0000L;

    private final RemoteDevice device;
    private final MsixControl msix;
    private final IntConsumer arrived;
    private final AtomicLongArray delivered;
    private @Nullable EventReceiver receiver;

    /** @param arrived is told of each vector that a message came for, after it was counted */
    RemoteInterrupts(RemoteDevice device, MsixControl msix, IntConsumer arrived) {
        this.device = device;
        this.msix = msix;
        this.arrived = arrived;
        this.delivered = new AtomicLongArray(msix.vectors());
    }

    /** Where they would go on a bus: the server has descriptors instead. */
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

    private EventReceiver receive(int count) {
        EventReceiver fresh = new EventReceiver("ppu-vfio-user-interrupts", count, this::take, _ -> {});
        try {
            device.signal(fresh.events());
            return fresh;
        } catch (RuntimeException e) {
            fresh.close();
            throw e;
        }
    }

    private void take(int vector, long count) {
        delivered.getAndAdd(vector, count);
        arrived.accept(vector);
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
            try {
                device.silence();
            } catch (LinkException e) {
                // the server is lost, or knows none of them
            }
            former.close();
        }
    }

    /** The server is lost: whoever waits for an interrupt looks, and finds a device that is not there. */
    synchronized void lose() {
        EventReceiver current = receiver;
        int enabled = current == null ? 0 : current.events().size();
        for (int vector = 0; vector < enabled; vector++) {
            take(vector, 1);
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

    /** After the connection has been closed. */
    @Override
    public synchronized void close() {
        stopReceiving();
    }
}
