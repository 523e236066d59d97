package dev.openppu.model.device;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.reg.MmuContextRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.PpuBar4Regs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import java.lang.foreign.MemorySegment;

/**
 * Measures barrier packets a second through a model link: one producer, one queue, a ring of 65,536 packets, batches with one doorbell.
 *
 * <p>Arguments: link, packets of a batch, whether every packet has a completion signal (otherwise the last of each batch), seconds.
 */
final class PacketRate implements AutoCloseable {
    private static final int LOG2 = 16;
    private static final long SIGNAL_VA = 0x2_0000_0000L;
    private static final long RECHECK = 100_000_000_000L;

    private final DeviceLink link;
    private final DmaMapping ring;
    private final DmaMapping signals;
    private final PpuBar4Regs doorbells;
    private long written;

    PacketRate(String uri) {
        link = Links.open(uri);
        while (link.config().read16(0) == 0xffff) {
            link.runtime().sleep(1_000_000);
        }
        link.config().write16(4, 6);
        PpuBar0Regs regs = new PpuBar0Regs(link.bar(0));
        doorbells = new PpuBar4Regs(link.bar(4));
        ring = link.dma().allocate(64L << LOG2, DmaAccess.BOTH);
        signals = link.dma().allocate(4096, DmaAccess.BOTH);
        AddressSpaceBuilder tables = new AddressSpaceBuilder(link.bar(2), 0x40_0000L);
        tables.system(0, SIGNAL_VA, signals.iova(), AddressSpaceBuilder.RW);
        regs.context(1).writeRoot(MmuContextRegs.Root.withValid(tables.root(), true));
        for (long i = 0; i < 1L << LOG2; i++) {
            AqlHeader.invalidate(ring.memory(), i * 64);
        }
        QueueRegs queue = regs.queue(0);
        queue.writeBase(ring.iova());
        queue.writeReadIndexAddress(signals.iova() + 8);
        queue.writeBinding(QueueRegs.Binding.withContext(0, 1));
        queue.writeControl(QueueRegs.Control.withEnable(QueueRegs.Control.withLog2Packets(0, LOG2), true));
        Signal.publish(signals.memory(), 0, Long.MAX_VALUE);
    }

    /** Submits a batch and waits until it has completed. */
    void batch(int packets, boolean everySignal) {
        MemorySegment memory = ring.memory();
        long target = Signal.acquire(signals.memory(), 0) - (everySignal ? packets : 1);
        int word = BarrierPacket.andWord(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
        for (int i = 0; i < packets; i++) {
            long base = (written & (1 << LOG2) - 1) * 64;
            BarrierPacket.encode(memory, base, everySignal || i == packets - 1 ? SIGNAL_VA : 0);
            AqlHeader.publish(memory, base, word);
            written++;
        }
        doorbells.queue(0).writeRing(written - 1);
        MemorySegment counter = signals.memory();
        if (!link.runtime().await(() -> Signal.acquire(counter, 0) <= target, link.runtime().nanos() + RECHECK)) {
            throw new IllegalStateException("a batch has not ended");
        }
    }

    /** The link's time. */
    long nanos() {
        return link.runtime().nanos();
    }

    @Override
    public void close() {
        link.close();
    }

    public static void main(String[] args) {
        int batch = Integer.parseInt(args[1]);
        boolean every = Boolean.parseBoolean(args[2]);
        try (PacketRate rate = new PacketRate(args[0])) {
            for (int second = 0; second < Integer.parseInt(args[3]); second++) {
                long begin = System.nanoTime();
                long packets = 0;
                while (System.nanoTime() - begin < 1_000_000_000L) {
                    rate.batch(batch, every);
                    packets += batch;
                }
                System.out.printf("%s batch %d, %s: %.2f M packets/s%n", args[0], batch, every ? "signal each" : "signal last",
                        packets * 1e3 / (System.nanoTime() - begin));
            }
        }
    }
}
