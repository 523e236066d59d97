package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.ScatterGatherEntry;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.MmuRegs.FaultStatus;
import dev.openppu.abi.reg.PerfRegs;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** What the device counts of what it moves and of what goes wrong, held against what was asked of it. */
final class CountCases {
    private static final int COPY = CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int FILL = FillPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM);
    private static final int WRITE = WriteValuePacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM);
    private static final int AREA = 1 << 20;
    private static final long TARGET = 0x100_0000;
    private static final long LIST = 0x200_0000;
    /** Nothing is mapped there. */
    private static final long NOWHERE = 0x5a5a_0000_0000L;
    private static final int[] SIZES = {1, 8, 63, 4097, 65_536, 262_145, 1_000_000};
    private static final int VALUES = 16;
    private static final int MOST_FAULTS = 3;

    private CountCases() {}

    static Stage stage() {
        return new Stage("counts", "Counts of what was moved", List.of(
                Case.of("dma.counts.copy-engines", "Bytes and packets of the copy engines",
                        Rule.map("copy.bytes counts the bytes written since reset, copy.finished copies and fills"), CountCases::engines),
                Case.of("dma.counts.host-writes", "Bytes written to host memory",
                        Rule.map("perf.dma_write_bytes counts the bytes written to host memory"), CountCases::hostWrites),
                Case.of("dma.counts.host-reads", "Bytes read from host memory",
                        Rule.map("perf.dma_read_bytes counts the bytes read from host memory"), CountCases::hostReads)));
    }

    /** Of the memory suite. */
    static Case faults() {
        return Case.of("memory.fault-count", "Page faults, counted anew when the record is freed",
                Rule.map("mmu.fault_status.count: faults since valid was last cleared, the latched one included"), CountCases::faultCount);
    }

    // ---- copy engines

    private static void engines(Bench bench) {
        Presence.require(bench, "copy");
        try (Workshop shop = bench.workshop()) {
            Mover mover = Mover.on(shop);
            for (int size : SIZES) {
                moved(bench, "a copy of %d bytes to the device".formatted(size), size,
                        () -> mover.copy(Workshop.HOST, Workshop.DEVICE + TARGET, size));
                moved(bench, "a copy of %d bytes to the host".formatted(size), size,
                        () -> mover.copy(Workshop.DEVICE + TARGET, Workshop.HOST, size));
                int elements = Math.ceilDiv(size, Integer.BYTES);
                moved(bench, "a fill of %d elements of 4 bytes".formatted(elements), (long) elements * Integer.BYTES,
                        () -> mover.fill(Workshop.DEVICE + TARGET, elements));
            }
            MemorySegment list = shop.host(LIST, (long) SIZES.length * ScatterGatherEntry.BYTES).memory();
            long all = 0;
            for (int i = 0; i < SIZES.length; i++) {
                ScatterGatherEntry.encode(list, (long) i * ScatterGatherEntry.BYTES, Workshop.HOST, Workshop.DEVICE + TARGET, SIZES[i]);
                all += SIZES[i];
            }
            moved(bench, "a list of %d pieces".formatted(SIZES.length), all, mover::list);
        }
    }

    private static void moved(Bench bench, String what, long bytes, Runnable job) {
        long bytesBefore = bytes(bench);
        int finishedBefore = finished(bench);
        job.run();
        Check.equal("copy.bytes of all engines for " + what, bytes, bytes(bench) - bytesBefore);
        Check.equal("copy.finished of all engines for " + what, 1, finished(bench) - finishedBefore);
    }

    private static int engineCount(Bench bench) {
        return IdRegs.Counts.copyEngines(bench.registers().id().readCounts());
    }

    private static long bytes(Bench bench) {
        long sum = 0;
        for (int i = 0; i < engineCount(bench); i++) {
            sum += bench.registers().copy(i).readBytes();
        }
        return sum;
    }

    private static int finished(Bench bench) {
        int sum = 0;
        for (int i = 0; i < engineCount(bench); i++) {
            sum += bench.registers().copy(i).readFinished();
        }
        return sum;
    }

    // ---- host memory: what a packet costs beside its data is the same for packets that differ in their data alone

    private static void hostWrites(Bench bench) {
        Presence.require(bench, "perf");
        try (Workshop shop = bench.workshop()) {
            shop.host(0, AREA);
            shop.device(TARGET, AREA);
            Check.equal("bytes that %d values of 8 bytes take more than as many of 4".formatted(VALUES), 4L * VALUES,
                    written(shop, mover -> mover.values(WriteValuePacket.FLAG_64_BIT)) - written(shop, mover -> mover.values(0)));
            if (!Presence.present(bench, "copy")) {
                return;
            }
            int first = SIZES[0];
            long copy = written(shop, mover -> mover.copy(Workshop.DEVICE + TARGET, Workshop.HOST, first));
            long fill = written(shop, mover -> mover.fill(Workshop.HOST, first));
            long elsewhere = written(shop, mover -> mover.copy(Workshop.HOST, Workshop.DEVICE + TARGET, first));
            Check.equal("bytes that a copy of a byte to the host takes more than one to the device", 1L, copy - elsewhere);
            for (int size : SIZES) {
                Check.equal("bytes that a copy of %d bytes to the host takes more than one of a byte".formatted(size), size - 1L,
                        written(shop, mover -> mover.copy(Workshop.DEVICE + TARGET, Workshop.HOST, size)) - copy);
                int elements = Math.ceilDiv(size, Integer.BYTES);
                Check.equal("bytes that a fill of %d elements in host memory takes more than one of an element".formatted(elements),
                        (elements - 1L) * Integer.BYTES, written(shop, mover -> mover.fill(Workshop.HOST, elements)) - fill);
                Check.equal("bytes of host memory that a copy of %d bytes to the device takes more than one of a byte".formatted(size), 0L,
                        written(shop, mover -> mover.copy(Workshop.HOST, Workshop.DEVICE + TARGET, size)) - elsewhere);
            }
        }
    }

    /** The processor looks for packets when it likes, so there is no telling how much it reads beside the data. */
    private static void hostReads(Bench bench) {
        Presence.require(bench, "perf");
        Presence.require(bench, "copy");
        PerfRegs perf = bench.registers().perf();
        try (Workshop shop = bench.workshop()) {
            Mover mover = Mover.on(shop);
            for (int size : SIZES) {
                long before = perf.readDmaReadBytes();
                mover.copy(Workshop.HOST, Workshop.DEVICE + TARGET, size);
                long read = perf.readDmaReadBytes() - before;
                Check.that(read >= size + AqlHeader.PACKET_BYTES, "%d bytes and a packet at least".formatted(size), read + " bytes");
            }
        }
    }

    private interface Job {
        void run(Mover mover);
    }

    /** Bytes written to host memory from before a queue is enabled until it has been disabled. */
    private static long written(Workshop shop, Job job) {
        PerfRegs perf = shop.bench().registers().perf();
        RawQueue queue = shop.queue();
        queue.disable();
        queue.registers().writeReadIndexAddress(0); // how often it is posted is the device's affair
        queue.empty();
        long before = perf.readDmaWriteBytes();
        queue.enable();
        job.run(new Mover(shop, queue));
        queue.disable();
        return perf.readDmaWriteBytes() - before;
    }

    // ---- faults

    private static void faultCount(Bench bench) {
        MmuRegs mmu = bench.registers().mmu();
        for (int faults = MOST_FAULTS; faults > 0; faults--) {
            mmu.writeFaultStatus(FaultStatus.withValid(0, true));
            Check.equal("mmu.fault_status.valid when it was cleared", false, FaultStatus.valid(mmu.readFaultStatus()));
            for (int i = 0; i < faults; i++) {
                fault(bench, NOWHERE + (long) i * AREA);
            }
            int status = mmu.readFaultStatus();
            Check.equal("mmu.fault_status.valid after %d faults".formatted(faults), true, FaultStatus.valid(status));
            Check.equal("mmu.fault_status.count after %d faults".formatted(faults), faults, FaultStatus.count(status));
            Check.hex("mmu.fault_address, of the first of %d faults".formatted(faults), NOWHERE, mmu.readFaultAddress());
        }
    }

    private static void fault(Bench bench, long address) {
        try (Workshop shop = bench.workshop()) {
            RawQueue queue = shop.queue();
            long signal = shop.signal(1);
            queue.submit(WRITE, (ring, at) -> WriteValuePacket.encode(ring, at, 0, address, 1, signal));
            Check.equal("signal of a packet that writes to a page that is not there", Signal.FAILED, shop.awaitEnd(signal));
            queue.awaitError();
        }
    }

    /** One packet after the other. */
    private record Mover(Workshop shop, RawQueue queue) {
        static Mover on(Workshop shop) {
            shop.host(0, AREA);
            shop.device(TARGET, AREA);
            return new Mover(shop, shop.queue());
        }

        void copy(long from, long to, int bytes) {
            one(COPY, (ring, at, signal) -> CopyPacket.encode(ring, at, 0, from, to, bytes, signal));
        }

        void list() {
            one(COPY, (ring, at, signal) -> CopyPacket.encode(ring, at, CopyPacket.FLAG_SCATTER_GATHER, Workshop.HOST + LIST, 0,
                    SIZES.length, signal));
        }

        void fill(long to, int elements) {
            one(FILL, (ring, at, signal) -> FillPacket.encode(ring, at, Integer.BYTES, 1, to, elements, signal));
        }

        void values(int control) {
            for (int i = 0; i < VALUES; i++) {
                long to = Workshop.HOST + (long) i * Long.BYTES;
                one(WRITE, (ring, at, signal) -> WriteValuePacket.encode(ring, at, control, to, -1, signal));
            }
        }

        private interface Encoding {
            void encode(MemorySegment ring, long at, long signal);
        }

        private void one(int word, Encoding encoding) {
            long signal = shop.signal(1);
            queue.submit(word, (ring, at) -> encoding.encode(ring, at, signal));
            shop.await(signal);
        }
    }
}
