package dev.openppu.harness.bringup;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.TimestampPacket;
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
    private static final int[] RESERVED_HEADER_BITS = {13, 14, 15};
    private static final int ACQUIRE = 3 << 9;
    private static final int RELEASE = 3 << 11;
    private static final long FAR = 1000;
    private static final long WAIT_NANOS = 1_000_000_000L;
    /** Long enough for packets that should be held. */
    private static final long HOLD_NANOS = 2_000_000L;
    private static final Rule REFUSED = Rule.guide(5,
            "A packet with an undefined type, format, scope, flag or a reserved bit set stops its queue with INVALID_PACKET and XID 384; later packets stay");

    private PacketCases() {}

    /** A sound packet, and the bytes of it that must be zero. */
    private record Kind(String id, int word, RawQueue.Body body, int[] zeros) {}

    private record Bad(String what, int word, RawQueue.Body body) {}

    static Stage stage() {
        List<Case> cases = new ArrayList<>();
        cases.add(refused("types", "Undefined types and formats", types()));
        kinds().forEach(kind -> cases.add(refused(kind.id(), "Every reserved bit of a packet: " + kind.id(), spoilt(kind))));
        cases.add(refused("values", "Undefined values", values()));
        cases.add(Case.of("queues.doorbell-beyond", "Doorbell beyond what is there",
                Rule.guide(5, "The doorbell is a hint: the processor stops at a slot that is INVALID, however far the doorbell was"),
                PacketCases::doorbellBeyond));
        cases.add(Case.of("queues.full", "A ring full to its last slot",
                Rule.guide(5, "Every slot of a ring may hold a packet; each is taken once, in order"),
                PacketCases::full));
        cases.add(Case.of("queues.ring-cut", "A ring of which the second half is not mapped",
                Rule.guide(5, "A slot that cannot be read is a RING_FAULT when its turn has come, not when it is read ahead"),
                PacketCases::ringCut));
        return new Stage("packets", "Bad packets and full rings", cases);
    }

    private static Case refused(String id, String title, List<Bad> packets) {
        return Case.of("queues.bad." + id, title, REFUSED, bench -> {
            for (Bad bad : packets) {
                refuse(bench, bad);
            }
            bench.note(packets.size() + " packets");
        });
    }

    private static void refuse(Bench bench, Bad bad) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, PAGE);
            int before = FaultLog.total(bench);
            RawQueue queue = shop.queue(RawQueue.Settings.of(2));
            long later = shop.signal(1);
            queue.put(bad.word(), bad.body());
            queue.put(TimestampPacket.word(false, NONE, NONE), (ring, at) -> TimestampPacket.encode(ring, at, Workshop.HOST, later));
            queue.ring(1);
            Check.equal("error of a packet with " + bad.what(), QueueError.INVALID_PACKET, queue.awaitError());
            Check.equal("queue.error_packet after a packet with " + bad.what(), 0L, queue.registers().readErrorPacket());
            FaultLog.expect(bench, before, Xid.CP_INVALID_COMMAND);
            Check.equal("signal of the packet behind one with " + bad.what(), 1L, shop.value(later));
        }
    }

    // ---- what is bad

    private static List<Kind> kinds() {
        return List.of(
                new Kind("copy", CopyPacket.word(false, NONE, SYSTEM),
                        (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST, Workshop.HOST + 64, 16, 0),
                        new int[]{0x20, 0x28, 0x30}),
                new Kind("fill", FillPacket.word(false, NONE, SYSTEM),
                        (ring, at) -> FillPacket.encode(ring, at, 4, 1, Workshop.HOST, 16, 0), new int[]{0x20, 0x28, 0x30}),
                new Kind("wait-value", WaitValuePacket.word(false, SYSTEM, NONE),
                        (ring, at) -> WaitValuePacket.encode(ring, at, 0, Workshop.HOST, 0, 0), new int[]{0x18, 0x20, 0x28, 0x30}),
                new Kind("write-value", WriteValuePacket.word(false, NONE, SYSTEM),
                        (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 1, 0), new int[]{0x18, 0x20, 0x28, 0x30}),
                new Kind("timestamp", TimestampPacket.word(false, NONE, SYSTEM),
                        (ring, at) -> TimestampPacket.encode(ring, at, Workshop.HOST, 0), new int[]{0x10, 0x18, 0x20, 0x28, 0x30}),
                new Kind("barrier-and", BarrierPacket.andWord(false, NONE, SYSTEM), (ring, at) -> BarrierPacket.encode(ring, at, 0),
                        new int[]{0x30}),
                new Kind("barrier-or", BarrierPacket.orWord(false, NONE, SYSTEM), (ring, at) -> BarrierPacket.encode(ring, at, 0),
                        new int[]{0x30}));
    }

    /** The header's reserved bits and undefined scopes, and the first, a middle and the last bit of each reserved word. */
    private static List<Bad> spoilt(Kind kind) {
        List<Bad> all = new ArrayList<>();
        for (int bit : RESERVED_HEADER_BITS) {
            all.add(new Bad("reserved header bit " + bit, kind.word() | 1 << bit, kind.body()));
        }
        all.add(new Bad("acquire scope 3", kind.word() | ACQUIRE, kind.body()));
        all.add(new Bad("release scope 3", kind.word() | RELEASE, kind.body()));
        for (int zero : kind.zeros()) {
            for (int bit : new int[]{0, 31, 63}) {
                all.add(new Bad("bit %d of the reserved word at 0x%02x of a %s packet".formatted(bit, zero, kind.id()), kind.word(),
                        (ring, at) -> {
                            kind.body().encode(ring, at);
                            ring.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN), at + zero, 1L << bit);
                        }));
            }
        }
        return all;
    }

    private static List<Bad> types() {
        List<Bad> all = new ArrayList<>();
        for (int type : NO_TYPES) {
            all.add(new Bad("type " + type, AqlHeader.word(type, false, NONE, NONE, 0), PacketCases::empty));
        }
        for (int format : NO_FORMATS) {
            all.add(new Bad("vendor format " + format, VendorPacket.word(format, false, NONE, NONE), PacketCases::empty));
        }
        return all;
    }

    private static List<Bad> values() {
        List<Bad> all = new ArrayList<>();
        for (int flags : new int[]{2, 0x100, 1 << 31}) {
            all.add(new Bad("copy flags 0x%x".formatted(flags), CopyPacket.word(false, NONE, SYSTEM),
                    (ring, at) -> CopyPacket.encode(ring, at, flags, Workshop.HOST, Workshop.HOST + 64, 16, 0)));
        }
        for (long entries : new long[]{0, CopyPacket.MAXIMUM_ENTRIES + 1L, -1L}) {
            all.add(new Bad("a scatter-gather list of %d entries".formatted(entries), CopyPacket.word(false, NONE, SYSTEM),
                    (ring, at) -> CopyPacket.encode(ring, at, CopyPacket.FLAG_SCATTER_GATHER, Workshop.HOST, 0, entries, 0)));
        }
        for (int bytes : new int[]{0, 3, 5, 8, 16, -1}) {
            all.add(new Bad("fill elements of %d bytes".formatted(bytes), FillPacket.word(false, NONE, SYSTEM),
                    (ring, at) -> FillPacket.encode(ring, at, bytes, 1, Workshop.HOST, 16, 0)));
        }
        for (int control : new int[]{5, 0xff, 1 << 9, 1 << 31}) {
            all.add(new Bad("wait-value control 0x%x".formatted(control), WaitValuePacket.word(false, SYSTEM, NONE),
                    (ring, at) -> WaitValuePacket.encode(ring, at, control, Workshop.HOST, 0, 0)));
        }
        for (int control : new int[]{1, 1 << 9, 1 << 31}) {
            all.add(new Bad("write-value control 0x%x".formatted(control), WriteValuePacket.word(false, NONE, SYSTEM),
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
