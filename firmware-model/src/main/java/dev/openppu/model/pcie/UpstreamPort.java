package dev.openppu.model.pcie;

import dev.openppu.model.fault.FaultPlan;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.FaultSource;
import dev.openppu.model.sim.World;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The function's requests to the host: DMA through the IOMMU, and interrupt messages, all posted ones in one queue.
 *
 * <p>Free running, reads and writes may also come from offloaded work outside the device's exclusion; the IOMMU's lock keeps an unmap from overtaking them.
 */
final class UpstreamPort implements HostPort, PostedWrites.Receiver {
    private static final long FASTEST_WRITE_NANOS = 120;
    private static final long SLOWEST_WRITE_NANOS = 1_500;
    private static final byte ALL_ONES = -1;
    private static final String ACTOR = "pcie";

    private final World world;
    private final Iommu iommu;
    private final InterruptController interrupts;
    private final PostedWrites posted;
    private final FaultPlan faults;
    private final UnluckyWrites writes;
    private final Runnable onRefusedRead;
    private final Runnable onTurnedOff;
    private @Nullable MsixUnit msix;
    private @Nullable IntConsumer sink;
    private volatile boolean busMaster;

    UpstreamPort(World world, Iommu iommu, InterruptController interrupts, FaultPlan faults, Runnable onRefusedRead,
            Runnable onTurnedOff) {
        this.world = world;
        this.iommu = iommu;
        this.interrupts = interrupts;
        this.faults = faults;
        this.onRefusedRead = onRefusedRead;
        this.onTurnedOff = onTurnedOff;
        this.posted = new PostedWrites(world, "dma-arrives", FASTEST_WRITE_NANOS, SLOWEST_WRITE_NANOS, this);
        this.writes = new UnluckyWrites(posted, faults, world.simulated());
    }

    void connect(MsixUnit unit) {
        msix = unit;
    }

    /** When it has been taken away no request of the function is under way any more. */
    void allowRequests(boolean allowed) {
        boolean before = busMaster;
        busMaster = allowed;
        if (before && !allowed) {
            iommu.drain();
        }
    }

    boolean requestsAllowed() {
        return busMaster;
    }

    boolean pending() {
        return !posted.isEmpty();
    }

    /** Everything sent so far arrives now. */
    void flush() {
        posted.flush();
    }

    void cut() {
        posted.cut();
    }

    @Override
    public void turnedOff() {
        onTurnedOff.run();
    }

    @Override
    public DmaResult read(long iova, MemorySegment destination) {
        DmaResult result = fetch(iova, destination);
        if (!result.ok()) {
            destination.fill(ALL_ONES);
        }
        return result;
    }

    @Override
    public DmaResult fetch(long iova, MemorySegment destination) {
        DmaResult result = busMaster ? refused() ? DmaResult.NOT_MAPPED : flushThenRead(iova, destination) : DmaResult.BUS_MASTER_OFF;
        if (!result.ok()) {
            noteRefusedRead(result);
        }
        if (world.trace().on()) {
            trace("dma-read", iova, destination.byteSize(), result, checksum(destination));
        }
        return result;
    }

    @Override
    public long granted(long iova, long bytes, boolean write) {
        return busMaster ? iommu.granted(iova, bytes, write) : 0;
    }

    @Override
    public DmaResult readLines(long iova, MemorySegment destination) {
        checkAligned(iova, HostStores.LINE);
        DmaResult result = DmaResult.BUS_MASTER_OFF;
        if (busMaster) {
            posted.flush();
            result = iommu.readLines(iova, destination);
        }
        if (!result.ok()) {
            destination.fill(ALL_ONES);
            noteRefusedRead(result);
        }
        if (world.trace().on()) {
            trace("dma-read", iova, destination.byteSize(), result, checksum(destination));
        }
        return result;
    }

    private DmaResult flushThenRead(long iova, MemorySegment destination) {
        posted.flush();
        return iommu.read(iova, destination);
    }

    private void noteRefusedRead(DmaResult result) {
        if (result != DmaResult.BUS_MASTER_OFF) {
            onRefusedRead.run();
        }
    }

    @Override
    public DmaResult write(long iova, MemorySegment source) {
        DmaResult result = grant(iova, source.byteSize());
        if (world.trace().on()) {
            trace("dma-write", iova, source.byteSize(), result, checksum(source));
        }
        if (result.ok() && source.byteSize() > 0) {
            writes.post(iova, source);
        }
        return result;
    }

    private DmaResult grant(long iova, long bytes) {
        if (!busMaster) {
            return DmaResult.BUS_MASTER_OFF;
        }
        return refused() ? DmaResult.NOT_MAPPED : iommu.check(iova, bytes, true);
    }

    private boolean refused() {
        return faults.strikes(FaultPoint.DMA_REFUSED) != FaultSource.NOTHING;
    }

    @Override
    public DmaResult write16(long iova, int value) {
        return store(iova, 2, value & 0xffffL);
    }

    @Override
    public DmaResult write32(long iova, int value) {
        return store(iova, 4, value & 0xffff_ffffL);
    }

    @Override
    public DmaResult write64(long iova, long value) {
        return store(iova, 8, value);
    }

    private DmaResult store(long iova, int bytes, long value) {
        checkAligned(iova, bytes);
        DmaResult result = grant(iova, bytes);
        if (world.trace().on()) {
            trace("dma-write", iova, bytes, result, "0x" + Long.toHexString(value));
        }
        if (result.ok()) {
            writes.post(iova, bytes, value);
        }
        return result;
    }

    @Override
    public DmaResult read32(long iova, Completion completion) {
        return load(iova, 4, completion);
    }

    @Override
    public DmaResult read64(long iova, Completion completion) {
        return load(iova, 8, completion);
    }

    private DmaResult load(long iova, int bytes, Completion completion) {
        checkAligned(iova, bytes);
        if (busMaster) {
            posted.flush();
            iommu.load(iova, bytes, completion);
        } else {
            completion.result = DmaResult.BUS_MASTER_OFF;
            completion.value = -1L >>> 64 - 8 * bytes;
        }
        if (!completion.result.ok()) {
            noteRefusedRead(completion.result);
        }
        if (world.trace().on()) {
            trace("dma-read", iova, bytes, completion.result, "0x" + Long.toHexString(completion.value));
        }
        return completion.result;
    }

    private static void checkAligned(long iova, int bytes) {
        if ((iova & bytes - 1) != 0) {
            throw new IllegalArgumentException("single access of %d bytes at IOVA 0x%x is not aligned".formatted(bytes, iova));
        }
    }

    @Override
    public void interrupt(int vector) {
        connected().request(vector);
    }

    @Override
    public void vectorChanged(int vector) {
        connected().recheck(vector);
    }

    private MsixUnit connected() {
        MsixUnit unit = msix;
        if (unit == null) {
            throw new IllegalStateException("the device logic asked for an interrupt before its first reset");
        }
        return unit;
    }

    /** Sends an interrupt message behind the writes. */
    void message(int vector, long address, int data) {
        if (faults.dropsInterrupt(vector)) {
            if (world.trace().on()) {
                world.trace().record(ACTOR, "irq-lost", "vector=" + vector);
            }
            return;
        }
        if (world.trace().on()) {
            world.trace().record(ACTOR, "irq-sent",
                    "vector=" + vector + " address=0x" + Long.toHexString(address) + " data=0x" + Integer.toHexString(data));
        }
        IntConsumer direct = sink;
        if (direct == null) {
            posted.post(address, 4, data & 0xffff_ffffL);
        } else {
            posted.flush();
            direct.accept(vector);
        }
    }

    /** Messages end here by their vectors, wherever software has them go; what was written before them has arrived. */
    void deliverTo(IntConsumer vectors) {
        sink = vectors;
    }

    @Override
    public void arrive(long address, int bytes, long value) {
        if (InterruptController.decodes(address)) {
            boolean taken = interrupts.arrive(address, (int) value);
            if (world.trace().on()) {
                world.trace().record(ACTOR, taken ? "irq-arrives" : "irq-spurious",
                        "address=0x" + Long.toHexString(address) + " data=0x" + Long.toHexString(
                                value));
            }
            if (taken) {
                world.interruptArrived(InterruptController.vector(address, (int) value));
            }
        } else {
            iommu.store(address, bytes, value);
            world.hostMemoryChanged();
        }
    }

    @Override
    public void arrive(long address, MemorySegment content) {
        iommu.write(address, content);
        world.hostMemoryChanged();
    }

    private void trace(String kind, long iova, long bytes, DmaResult result, String content) {
        world.trace().record(ACTOR, kind,
                "iova=0x" + Long.toHexString(iova) + " bytes=" + bytes + (result.ok() ? " " + content : " refused=" + result));
    }

    private static String checksum(MemorySegment content) {
        CRC32C crc = new CRC32C();
        crc.update(content.toArray(ValueLayout.JAVA_BYTE));
        return "crc32c=" + Long.toHexString(crc.getValue());
    }
}
