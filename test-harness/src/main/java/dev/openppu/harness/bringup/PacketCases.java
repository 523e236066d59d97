package dev.openppu.harness.bringup;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.VendorPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Bad packets of every kind, made from sound ones by one change each, and rings at their limits. */
final class PacketCases {
    private static final int NONE = AqlHeader.SCOPE_NONE;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    private static final int PAGE = 4096;
    private static final int[] NO_TYPES = {4, 6, 7, 8, 15, 16, 32, 64, 127, 128, 255};
    private static final int[] NO_FORMATS = {0, 6, 7, 8, 16, 256, 0x8000, 0xffff};
    private static final long FAR = 1000;
    private static final long WAIT_NANOS = 1_000_000_000L;
    /** Long enough for packets that should be held. */
    private static final long HOLD_NANOS = 2_000_000L;

    private PacketCases() {}

    static Stage stage() {
        List<Case> cases = new ArrayList<>();
        cases.add(BadPacket.refused("types", "Undefined types and formats", types()));
        PacketKinds.ALL.forEach(
                kind -> cases.add(BadPacket.refused(kind.what(), "Every reserved bit of a packet: " + kind.what(), kind.spoilt())));
        cases.add(BadPacket.refused("values", "Undefined values", values()));
        cases.addAll(AlignmentCases.cases());
        cases.addAll(DispatchPacketCases.cases());
        cases.add(Case.of("queues.doorbell-beyond", "Doorbell beyond what is there",
                Rule.guide(5, "The doorbell is a hint: the processor stops at a slot that is INVALID, however far the doorbell was"),
                PacketCases::doorbellBeyond));
        cases.addAll(DoorbellCases.cases());
        cases.add(Case.of("queues.full", "A ring full to its last slot",
                Rule.guide(5, "Every slot of a ring may hold a packet; each is taken once, in order"),
                PacketCases::full));
        cases.add(Case.of("queues.ring-cut", "A ring of which the second half is not mapped",
                Rule.guide(5, "A slot that cannot be read is a RING_FAULT when its turn has come, not when it is read ahead"),
                PacketCases::ringCut));
        return new Stage("packets", "Bad packets and full rings", cases);
    }

    // ---- what is bad

    private static List<BadPacket> types() {
        List<BadPacket> all = new ArrayList<>();
        for (int type : NO_TYPES) {
            all.add(new BadPacket("type " + type, AqlHeader.word(type, false, NONE, NONE, 0), PacketCases::empty));
        }
        for (int format : NO_FORMATS) {
            all.add(new BadPacket("vendor format " + format, VendorPacket.word(format, false, NONE, NONE), PacketCases::empty));
        }
        return all;
    }

    private static List<BadPacket> values() {
        List<BadPacket> all = new ArrayList<>();
        for (int flags : new int[]{2, 0x100, 1 << 31}) {
            all.add(new BadPacket("copy flags 0x%x".formatted(flags), CopyPacket.word(false, NONE, SYSTEM),
                    (ring, at) -> CopyPacket.encode(ring, at, flags, Workshop.HOST, Workshop.HOST + 64, 16, 0)));
        }
        for (long entries : new long[]{0, CopyPacket.MAXIMUM_ENTRIES + 1L, -1L}) {
            all.add(new BadPacket("a scatter-gather list of %d entries".formatted(entries), CopyPacket.word(false, NONE, SYSTEM),
                    (ring, at) -> CopyPacket.encode(ring, at, CopyPacket.FLAG_SCATTER_GATHER, Workshop.HOST, 0, entries, 0)));
        }
        for (long length : new long[]{-1L, Long.MIN_VALUE}) {
            all.add(PacketKinds.COPY.with("length %d".formatted(length), CopyPacket.LENGTH_OFFSET, length));
        }
        // one more of each width than 2^63 - 1 bytes hold, and less than none
        for (long[] fill : new long[][]{{1, -1}, {2, -1}, {4, -1}, {1, Long.MIN_VALUE}, {2, 1L << 62}, {4, 1L << 61},
            {4, Long.MAX_VALUE}}) {
            all.add(new BadPacket("a fill of %d elements of %d bytes".formatted(fill[1], fill[0]), FillPacket.word(false, NONE, SYSTEM),
                    (ring, at) -> FillPacket.encode(ring, at, (int) fill[0], 1, Workshop.HOST, fill[1], 0)));
        }
        for (int bytes : new int[]{0, 3, 5, 8, 16, -1}) {
            all.add(new BadPacket("fill elements of %d bytes".formatted(bytes), FillPacket.word(false, NONE, SYSTEM),
                    (ring, at) -> FillPacket.encode(ring, at, bytes, 1, Workshop.HOST, 16, 0)));
        }
        for (SoundPacket barrier : List.of(PacketKinds.BARRIER_AND, PacketKinds.BARRIER_OR)) {
            all.add(barrier.or("setup 1", 1 << Short.SIZE));
            all.add(barrier.or("setup 0x8000", 1 << Short.SIZE + 15));
        }
        for (int control : new int[]{5, 0xff, 1 << 9, 1 << 31}) {
            all.add(new BadPacket("wait-value control 0x%x".formatted(control), WaitValuePacket.word(false, SYSTEM, NONE),
                    (ring, at) -> WaitValuePacket.encode(ring, at, control, Workshop.HOST, 0, 0)));
        }
        for (int control : new int[]{1, 1 << 9, 1 << 31}) {
            all.add(new BadPacket("write-value control 0x%x".formatted(control), WriteValuePacket.word(false, NONE, SYSTEM),
                    (ring, at) -> WriteValuePacket.encode(ring, at, control, Workshop.HOST, 1, 0)));
        }
        return all;
    }

    private static void empty(MemorySegment ring, long base) {
        ring.asSlice(base + Integer.BYTES, AqlHeader.PACKET_BYTES - Integer.BYTES).fill((byte) 0);
    }

    // ---- rings at their limits

    private static void doorbellBeyond(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, PAGE).memory();
            RawQueue queue = shop.queue(RawQueue.Settings.of(4));
            long signal = shop.signal(1);
            queue.put(WriteValuePacket.word(false, NONE, SYSTEM),
                    (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 42, signal));
            queue.ring(FAR);
            shop.await(signal);
            Check.equal("value written", 42, host.get(ValueLayout.JAVA_INT, 0));
            Check.equal("read index", 1L, queue.registers().readReadIndex());
            Check.that(queue.state() != QueueState.ERROR, "the queue goes on", queue.state() + " " + queue.error());
        }
    }

    private static void full(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, 2L * PAGE).memory();
            RawQueue queue = shop.queue(RawQueue.Settings.of(4));
            for (int round = 1; round <= 3; round++) {
                full(bench, shop, queue, host, round);
            }
        }
    }

    /** Behind a wait that holds the queue every slot is filled; nothing is taken until the wait is over, then everything once, in order. */
    private static void full(Bench bench, Workshop shop, RawQueue queue, MemorySegment host, int round) {
        int slots = 16;
        long flag = Workshop.HOST + PAGE;
        long held = shop.signal(1);
        long begun = queue.taken();
        queue.submit(WaitValuePacket.word(true, SYSTEM, NONE),
                (ring, at) -> WaitValuePacket.encode(ring, at, WaitValuePacket.COMPARE_EQUAL, flag, round, held));
        // A device may take the packet that holds it, and give its slot back.
        boolean waits = bench.function().poll(() -> queue.state() == QueueState.WAITING, WAIT_NANOS);
        Check.that(waits, "queue.status.state WAITING", queue.state().toString());
        long signal = shop.signal(slots);
        long first = -1;
        long last = -1;
        for (int i = 0; i < slots && (i < slots - 1 || queue.taken() > begun); i++) {
            long address = Workshop.HOST + 4L * i;
            int value = round;
            last = queue.put(WriteValuePacket.word(true, NONE, SYSTEM),
                    (ring, at) -> WriteValuePacket.encode(ring, at, 0, address, value, signal));
            first = first < 0 ? last : first;
        }
        queue.ring(last);
        long before = queue.registers().readReadIndex();
        bench.link().runtime().sleep(HOLD_NANOS);
        int count = (int) (last - first + 1);
        for (int i = 0; i < slots; i++) {
            Check.that(AqlHeader.type(queue.slot(i)) != AqlHeader.TYPE_INVALID, "a packet in slot %d of a full ring".formatted(i),
                    "INVALID");
        }
        Check.equal("queue.read_index while the ring is full and held", before, queue.registers().readReadIndex());
        Check.equal("signal of %d packets that are held".formatted(count), (long) slots, shop.value(signal));
        Signal.publish(host, PAGE, round);
        bench.link().runtime().wake();
        shop.await(held);
        Check.that(bench.link().runtime().await(() -> shop.value(signal) == slots - count, bench.link().runtime().deadline(WAIT_NANOS)),
                "signal %d after %d packets".formatted(slots - count, count), Long.toString(shop.value(signal)));
        for (int i = 0; i < count; i++) {
            Check.equal("word %d after round %d".formatted(i, round), round, host.get(ValueLayout.JAVA_INT, 4L * i));
        }
        Check.equal("queue.read_index after round %d".formatted(round), last + 1, queue.registers().readReadIndex());
    }

    /** Behind what the host maps for the device there is a page that it does not. */
    private static void ringCut(Bench bench) {
        try (Workshop shop = bench.workshop();
                DmaMapping half = bench.link().dma().allocate(bench.link().dma().pageSize(), DmaAccess.BOTH)) {
            int slots = (int) (half.size() / AqlHeader.PACKET_BYTES);
            MemorySegment host = shop.host(0, (long) slots * Integer.BYTES).memory();
            for (int slot = 0; slot < slots; slot++) {
                AqlHeader.invalidate(half.memory(), (long) slot * AqlHeader.PACKET_BYTES);
            }
            int before = FaultLog.total(bench);
            RawQueue queue = shop.queue(RawQueue.Settings.of(Integer.numberOfTrailingZeros(2 * slots)).withBase(half.iova()));
            long signal = shop.signal(slots - 1);
            for (int slot = 0; slot < slots - 1; slot++) {
                write(half.memory(), slot, signal);
            }
            queue.ring(slots - 2);
            shop.await(signal);
            for (int slot = 0; slot < slots - 1; slot++) {
                Check.equal("word of packet %d of the half that is mapped".formatted(slot), slot + 1,
                        host.get(ValueLayout.JAVA_INT, (long) slot * Integer.BYTES));
            }
            bench.link().runtime().sleep(HOLD_NANOS);
            Check.that(queue.state() != QueueState.ERROR, "a queue that waits for the last slot that is mapped",
                    "an error: " + queue.error());
            write(half.memory(), slots - 1, 0);
            queue.ring(slots - 1);
            Check.equal("queue error after the last packet of the half that is mapped", QueueError.RING_FAULT, queue.awaitError());
            Check.equal("queue.error_packet", (long) slots, queue.registers().readErrorPacket());
            FaultLog.expect(bench, before, Xid.CP_INVALID_COMMAND);
        }
    }

    /** A packet that writes a word of its own. */
    private static void write(MemorySegment ring, int slot, long signal) {
        long at = (long) slot * AqlHeader.PACKET_BYTES;
        WriteValuePacket.encode(ring, at, 0, Workshop.HOST + (long) slot * Integer.BYTES, slot + 1, signal);
        AqlHeader.publish(ring, at, WriteValuePacket.word(false, NONE, SYSTEM));
    }
}
