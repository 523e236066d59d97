package dev.openppu.hal.vfio;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.irq.EventInterrupts;
import dev.openppu.hal.irq.VectorControl;
import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.vfio.VfioDevice;
import dev.openppu.hal.posix.vfio.VfioDevice.Irq;
import java.util.List;

/** MSI-X, or MSI where the function has no MSI-X, as the kernel has it: it programs capability and table, signals, and keeps masking to itself. */
final class KernelVectors implements VectorControl, EventInterrupts.Signaller {
    private final String name;
    private final VfioDevice device;
    private final Irq kind;
    private final int vectors;

    /** @param name of the link, for messages */
    KernelVectors(String name, VfioDevice device) {
        this.name = name;
        this.device = device;
        this.kind = device.count(Irq.MSIX) > 0 ? Irq.MSIX : Irq.MSI;
        this.vectors = device.count(kind);
    }

    @Override
    public int vectors() {
        return vectors;
    }

    /** The kernel enables them with the first signals. */
    @Override
    public void enable(int count, Runnable prepare) {
        if (count < 1 || count > vectors) {
            throw new LinkException("%s: cannot enable %d interrupt vectors: the device has %d".formatted(name, count, vectors));
        }
        prepare.run();
    }

    /** The kernel disables them with the last signal. */
    @Override
    public void disable() {}

    @Override
    public void signal(List<EventDescriptor> events) {
        try {
            device.trigger(kind, events);
        } catch (PosixException e) {
            throw new LinkException("%s: cannot enable %d vectors of %s: %s".formatted(name, events.size(), kind, e.getMessage()), e);
        }
    }

    @Override
    public void silence() {
        device.disable(kind);
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

    @Override
    public void require(int vector) {
        if (vector < 0 || vector >= vectors) {
            throw new LinkException("%s: interrupt vector %d: the device has %d".formatted(name, vector, vectors));
        }
    }
}
