package dev.openppu.hal.vfio;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.irq.EventReceiver;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.vfio.VfioDevice;
import dev.openppu.hal.posix.vfio.VfioDevice.Irq;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** MSI-X by eventfds, or MSI where the function has no MSI-X. The kernel programs table and capability, and keeps masking to itself. */
final class VfioInterrupts implements Interrupts, AutoCloseable {
    private final String name;
    private final VfioDevice device;
    private final IntConsumer arrived;
    private final Irq kind;
    private final int vectors;
    private final AtomicLongArray delivered;
    private @Nullable EventReceiver receiver;

    /**
     * @param name of the link, for messages
     * @param arrived is told of each vector that a message came for, after it was counted
     */
    VfioInterrupts(String name, VfioDevice device, IntConsumer arrived) {
        this.name = name;
        this.device = device;
        this.arrived = arrived;
        this.kind = device.count(Irq.MSIX) > 0 ? Irq.MSIX : Irq.MSI;
        this.vectors = device.count(kind);
        this.delivered = new AtomicLongArray(vectors);
    }

    @Override
    public int vectors() {
        return vectors;
    }

    @Override
    public synchronized void enable(int count) {
        if (count < 1 || count > vectors) {
            throw new LinkException("%s: cannot enable %d interrupt vectors: the device has %d".formatted(name, count, vectors));
        }
        disable();
        for (int vector = 0; vector < vectors; vector++) {
            delivered.set(vector, 0);
        }
        EventReceiver fresh = new EventReceiver("ppu-vfio-interrupts", count, this::take, vector -> {});
        try {
            device.trigger(kind, fresh.events());
        } catch (PosixException e) {
            fresh.close();
            throw new LinkException("%s: cannot enable %d vectors of %s: %s".formatted(name, count, kind, e.getMessage()), e);
        }
        receiver = fresh;
    }

    private void take(int vector, long count) {
        delivered.getAndAdd(vector, count);
        arrived.accept(vector);
    }

    @Override
    public synchronized void disable() {
        EventReceiver former = receiver;
        receiver = null;
        if (former != null) {
            device.disable(kind);
            former.close();
        }
    }

    @Override
    public long delivered(int vector) {
        require(vector);
        return delivered.getAcquire(vector);
    }

    @Override
    public void mask(int vector) {
        throw keptByKernel();
    }

    @Override
    public void unmask(int vector) {
        throw keptByKernel();
    }

    @Override
    public boolean pending(int vector) {
        throw keptByKernel();
    }

    private LinkException keptByKernel() {
        return new LinkException("%s: mask and pending bits are the kernel's; disable the vectors instead".formatted(name));
    }

    private void require(int vector) {
        if (vector < 0 || vector >= vectors) {
            throw new LinkException("%s: interrupt vector %d: the device has %d".formatted(name, vector, vectors));
        }
    }

    /** While the device is still open. */
    @Override
    public void close() {
        disable();
    }
}
