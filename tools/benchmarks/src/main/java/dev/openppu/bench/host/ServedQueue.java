package dev.openppu.bench.host;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.reg.DoorbellRegs;
import dev.openppu.abi.reg.PpuBar4Regs;
import dev.openppu.driver.client.CommandQueue;
import dev.openppu.driver.client.ContextLink;
import dev.openppu.driver.client.SignalSlot;
import dev.openppu.driver.owner.OwnerService;
import dev.openppu.driver.owner.OwnerService.ContextGrant;
import dev.openppu.driver.owner.OwnerService.QueueGrant;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Wakeup;
import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.model.sim.FreeRunningWorld;
import dev.openppu.twin.DeviceTwin;
import dev.openppu.twin.TwinLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;

/**
 * The driver's own queue on memory that a device thread of this process serves: no bring-up, addresses are the process's own, the doorbell is a mapped BAR. What is
 * measured is the driver, the same for any device.
 */
public final class ServedQueue implements AutoCloseable {
    private static final long PAGE = 4096;

    private final Arena arena = Arena.ofShared();
    private final FreeRunningWorld world = new FreeRunningWorld(1);
    private final MemorySegment ring;
    private final MemorySegment readIndex = arena.allocate(PAGE, PAGE);
    private final MemorySegment bar4 = Arena.global().allocate(PpuBar4Regs.SIZE, PAGE);
    private final MemorySegment signal = arena.allocate(PAGE, PAGE);
    private final CommandQueue queue;

    /**
     * @param log2Packets of the ring
     * @param policy how producers wait for space in it: the device interrupts nobody
     */
    public ServedQueue(int log2Packets, WaitPolicy policy) {
        ring = arena.allocate((long) AqlHeader.PACKET_BYTES << log2Packets, PAGE);
        for (long slot = 0; slot < ring.byteSize(); slot += AqlHeader.PACKET_BYTES) {
            AqlHeader.invalidate(ring, slot);
        }
        bar4.set(ValueLayout.JAVA_LONG, DoorbellRegs.RING_OFFSET, -1);
        DoorbellRegs doorbell = new PpuBar4Regs(MappedMmio.permanent(bar4)).queue(0);
        QueueGrant grant = new QueueGrant(0, log2Packets, ring, readIndex, doorbell::writeRing, Wakeup.any());
        ContextLink link = new ContextLink(nobody(), world.runtime(), "benchmark", new ContextGrant(1, 1, arena.allocate(PAGE, PAGE)), 0,
                () -> policy);
        queue = new CommandQueue(link, "benchmark queue", grant, new SignalSlot(signal, 0, signal.address()));
    }

    /** Submission never passes through the owner: one that is asked is a failed benchmark. */
    private static OwnerService nobody() {
        return (OwnerService) Proxy.newProxyInstance(OwnerService.class.getClassLoader(), new Class<?>[]{OwnerService.class},
                (_, method, _) -> {
                    throw new IllegalStateException("the owner was asked: " + method.getName());
                });
    }

    /** The host's side. */
    public DriverQueue queue() {
        return new DriverQueue(queue);
    }

    /** A device for this queue, in C if there is a compiler, else in Java. Close it before the queue. */
    public Device start(DeviceTwin.Watch watch, int cpu) {
        MemorySegment doorbell = bar4.asSlice(DoorbellRegs.RING_OFFSET, Long.BYTES);
        if (TwinLibrary.absence().isPresent()) {
            return new JavaDevice(ring, readIndex, signal)::close;
        }
        return DeviceTwin.start(ring, readIndex, doorbell, watch, cpu)::close;
    }

    /** The device at work. */
    @FunctionalInterface
    public interface Device extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public void close() {
        queue.close();
        world.close();
        arena.close();
    }
}
