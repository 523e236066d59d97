package dev.openppu.harness.bringup;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.hal.irq.Interrupts;
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

/** Stage 7: command queues. */
final class QueueCases {
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
    private static final int PLAIN = AqlHeader.SCOPE_NONE;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    private static final int PAGE = 4096;
    private static final int COPY_BYTES = 256 * 1024;
    /** Long enough for a packet that should be held. */
    private static final long HOLD_NANOS = 2_000_000L;
    private static final long ARRIVAL_NANOS = 1_000_000_000L;

    private QueueCases() {}

    static Stage stage() {
        return new Stage("queues", "Command queues", List.of(
                Case.of("queues.wrap", "More packets than slots",
                        Rule.guide(5, "The ring wraps; every packet is taken once, in order, and its slot is given back"),
                        QueueCases::wrap),
                Case.of("queues.doorbell-hint", "One doorbell for many packets",
                        Rule.guide(5, "The doorbell is a hint: the processor goes on until INVALID"),
                        QueueCases::doorbellHint),
                Case.of("queues.multi-producer", "Any doorbell on a multi-producer queue",
                        Rule.guide(5, "On a multi-producer queue any doorbell value may come"),
                        QueueCases::multiProducer),
                Case.of("queues.barrier-bit", "Barrier bit",
                        Rule.guide(5, "A packet with the barrier bit starts only when every earlier packet has completed"),
                        QueueCases::barrierBit),
                Case.of("queues.barrier-and", "Barrier-and",
                        Rule.hsaRuntime("2.6.3", "barrier-and is held until all of its dependencies were seen 0; absent ones are met"),
                        QueueCases::barrierAnd),
                Case.of("queues.barrier-or", "Barrier-or",
                        Rule.hsaRuntime("2.6.3", "barrier-or is held until any of its dependencies was seen 0; absent ones are never met"),
                        QueueCases::barrierOr),
                Case.of("queues.barrier-failed", "Barriers behind failed work",
                        Rule.guide(5, "A negative dependency ends a barrier with the signal -1; the queue goes on"),
                        QueueCases::barrierFailed),
                Case.of("queues.wait-value", "Wait-value", Rule.guide(5, "WAIT_VALUE holds the queue until the comparison holds"),
                        QueueCases::waitValue),
                Case.of("queues.write-value", "Write-value", Rule.guide(5, "WRITE_VALUE stores 32 or 64 bits and nothing else"),
                        QueueCases::writeValue),
                Case.of("queues.timestamp", "Time stamps",
                        Rule.guide(5, "TIMESTAMP is device time when all earlier packets have completed"), QueueCases::timestamp),
                Case.of("queues.interrupt", "Interrupt after completion",
                        Rule.guide(5, "Then the queue's interrupt, if enabled; what the packet wrote is visible"),
                        QueueCases::interrupt),
                Case.of("queues.all", "All queues at once", Rule.guide(5, "Queues do not disturb each other"), QueueCases::all),
                Case.of("queues.invalid-packet", "Refused: malformed packets",
                        Rule.guide(7, "A bad packet stops its queue with XID 384; later packets stay"),
                        QueueCases::invalidPackets),
                Case.of("queues.doorbell-back", "Refused: doorbell back",
                        Rule.guide(5, "On a single-producer queue a lower doorbell stops the queue"),
                        QueueCases::doorbellBack),
                Case.of("queues.ring-fault", "Refused: ring out of reach",
                        Rule.guide(7, "A ring that DMA cannot reach stops the queue with XID 384"),
                        QueueCases::ringFault),
                Case.of("queues.operand-faults", "Refused: operands",
                        Rule.guide(7, "An operand that faults stops the queue with the XID of its cause"),
                        QueueCases::operandFaults),
                Case.of("queues.context-lost", "The context is lost, nothing else",
                        Rule.guide(7, "A failed packet stops every queue of its context, and no other"), QueueCases::contextLost)));
    }

    private static void wrap(Bench bench) {
        int packets = 70;
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, PAGE).memory();
            RawQueue queue = shop.queue(RawQueue.Settings.of(2));
            long signal = shop.signal(packets);
            for (int i = 0; i < packets; i++) {
                int value = i;
                queue.submit(WriteValuePacket.word(false, PLAIN, SYSTEM),
                        (ring, at) -> WriteValuePacket.encode(ring, at, WriteValuePacket.FLAG_64_BIT, Workshop.HOST + 8L * value,
                                1000 + value, signal));
            }
            shop.await(signal);
            for (int i = 0; i < packets; i++) {
                Check.equal("value of packet " + i, 1000L + i, host.get(U64, 8L * i));
            }
            Check.equal("queue.read_index", (long) packets, queue.registers().readReadIndex());
            Check.equal("read index in host memory", (long) packets, queue.taken());
            for (int i = 0; i < 4; i++) {
                Check.equal("type of slot " + i, AqlHeader.TYPE_INVALID, AqlHeader.type(queue.slot(i)));
            }
            bench.note(packets + " packets through 4 slots");
        }
    }

    private static void doorbellHint(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, PAGE);
            RawQueue queue = shop.queue();
            long signal = shop.signal(20);
            long last = 0;
            for (int i = 0; i < 20; i++) {
                last = queue.put(WriteValuePacket.word(false, PLAIN, SYSTEM),
                        (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 1, signal));
            }
            queue.ring(last - 19);
            shop.await(signal);
        }
    }

    private static void multiProducer(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, PAGE);
            RawQueue queue = shop.queue(RawQueue.Settings.of(4).withMultiProducer());
            for (long doorbell : new long[]{5, 0, -1, 3}) {
                long signal = shop.signal(1);
                queue.put(WriteValuePacket.word(false, PLAIN, SYSTEM),
                        (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 1, signal));
                queue.ring(doorbell);
                shop.await(signal);
            }
        }
    }

    private static void barrierBit(Bench bench) {
        int hops = 6;
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, COPY_BYTES).memory();
            long[] places = new long[hops];
            for (int i = 0; i < hops; i++) {
                places[i] = shop.device((long) i * COPY_BYTES, COPY_BYTES);
            }
            byte[] content = Patterns.bytes(COPY_BYTES, 21);
            MemorySegment.copy(MemorySegment.ofArray(content), 0, host, 0, COPY_BYTES);
            RawQueue queue = shop.queue();
            long signal = shop.signal(hops);
            for (int i = 0; i < hops; i++) {
                long from = i == 0 ? Workshop.HOST : Workshop.DEVICE + (i - 1L) * COPY_BYTES;
                long to = Workshop.DEVICE + (long) i * COPY_BYTES;
                queue.put(CopyPacket.word(true, SYSTEM, SYSTEM),
                        (ring, at) -> CopyPacket.encode(ring, at, 0, from, to, COPY_BYTES, signal));
            }
            queue.ring(hops - 1);
            shop.await(signal);
            Check.bytes("a chain of %d copies, each from the one before".formatted(hops), content,
                    shop.space().peek(places[hops - 1], COPY_BYTES));
        }
    }

    private static void barrierAnd(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            RawQueue queue = shop.queue();
            long[] dependencies = new long[BarrierPacket.DEPENDENCIES];
            for (int i = 0; i < dependencies.length; i++) {
                dependencies[i] = shop.signal(1);
            }
            long done = shop.signal(1);
            queue.submit(BarrierPacket.andWord(false, PLAIN, SYSTEM), (ring, at) -> {
                BarrierPacket.encode(ring, at, done);
                for (int i = 0; i < dependencies.length; i++) {
                    BarrierPacket.dependency(ring, at, i, dependencies[i]);
                }
            });
            for (int i = 0; i < dependencies.length; i++) {
                bench.link().runtime().sleep(HOLD_NANOS);
                Check.equal("completion signal with %d of 5 dependencies met".formatted(i), 1L, shop.value(done));
                shop.set(dependencies[i], 0);
            }
            shop.await(done);
        }
    }

    private static void barrierOr(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            RawQueue queue = shop.queue();
            long first = shop.signal(1);
            long second = shop.signal(1);
            long done = shop.signal(1);
            queue.submit(BarrierPacket.orWord(false, PLAIN, SYSTEM), (ring, at) -> {
                BarrierPacket.encode(ring, at, done);
                BarrierPacket.dependency(ring, at, 1, first);
                BarrierPacket.dependency(ring, at, 4, second);
            });
            bench.link().runtime().sleep(HOLD_NANOS);
            Check.equal("completion signal with no dependency met", 1L, shop.value(done));
            shop.set(second, 0);
            shop.await(done);
            long empty = shop.signal(1);
            queue.submit(BarrierPacket.andWord(false, PLAIN, SYSTEM), (ring, at) -> BarrierPacket.encode(ring, at, empty));
            shop.await(empty);
            long never = shop.signal(1);
            queue.submit(BarrierPacket.orWord(false, PLAIN, SYSTEM), (ring, at) -> BarrierPacket.encode(ring, at, never));
            bench.link().runtime().sleep(HOLD_NANOS);
            Check.equal("completion signal of a barrier-or that names nothing", 1L, shop.value(never));
        }
    }

    private static void barrierFailed(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            RawQueue queue = shop.queue();
            for (int word : new int[]{BarrierPacket.andWord(false, PLAIN, SYSTEM), BarrierPacket.orWord(false, PLAIN, SYSTEM)}) {
                long pending = shop.signal(1);
                long failing = shop.signal(1);
                long done = shop.signal(1);
                queue.submit(word, (ring, at) -> {
                    BarrierPacket.encode(ring, at, done);
                    BarrierPacket.dependency(ring, at, 0, pending);
                    BarrierPacket.dependency(ring, at, 3, failing);
                });
                bench.link().runtime().sleep(HOLD_NANOS);
                Check.equal("completion signal before a dependency failed", 1L, shop.value(done));
                shop.set(failing, -7);
                Check.equal("completion signal after a dependency failed", Signal.FAILED, shop.awaitEnd(done));
            }
            long after = shop.signal(1);
            queue.submit(BarrierPacket.andWord(true, PLAIN, SYSTEM), (ring, at) -> BarrierPacket.encode(ring, at, after));
            shop.await(after);
        }
    }

    private static void waitValue(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, PAGE).memory();
            RawQueue queue = shop.queue();
            long[][] waits = {{WaitValuePacket.COMPARE_GREATER_OR_EQUAL, 100, 99, 100}, {WaitValuePacket.COMPARE_EQUAL, 7, 6, 7},
                {WaitValuePacket.COMPARE_AND, 4, 3, 6}, {WaitValuePacket.COMPARE_NOR, 0xffff_fff0L, 0xf, 0x7},
                {WaitValuePacket.COMPARE_GREATER_OR_EQUAL | WaitValuePacket.FLAG_64_BIT, 1L << 40, (1L << 40) - 1, 1L << 40},
                {WaitValuePacket.COMPARE_GREATER_OR_EQUAL, 3, 0xffff_fff0L, 5}};
            for (long[] wait : waits) {
                Signal.publish(host, 0, wait[2]);
                long done = shop.signal(1);
                queue.submit(WaitValuePacket.word(false, SYSTEM, PLAIN),
                        (ring, at) -> WaitValuePacket.encode(ring, at, (int) wait[0], Workshop.HOST, wait[1], done));
                bench.link().runtime().sleep(HOLD_NANOS);
                Check.equal("completion while 0x%x is compared with 0x%x by %d".formatted(wait[2], wait[1], wait[0]), 1L, shop.value(done));
                Signal.publish(host, 0, wait[3]);
                bench.link().runtime().wake();
                shop.await(done);
            }
        }
    }

    private static void writeValue(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, PAGE).memory();
            RawQueue queue = shop.queue();
            host.fill(Patterns.GUARD);
            long signal = shop.signal(2);
            queue.submit(WriteValuePacket.word(false, PLAIN, SYSTEM),
                    (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST + 12, -1L << 8, signal));
            queue.submit(WriteValuePacket.word(false, PLAIN, SYSTEM),
                    (ring, at) -> WriteValuePacket.encode(ring, at, WriteValuePacket.FLAG_64_BIT, Workshop.HOST + 24,
                            0x0102_0304_0506_0708L, signal));
            shop.await(signal);
            long guards = 0xa5a5_a5a5_a5a5_a5a5L;
            Check.hex("word 0", guards, host.get(U64, 0));
            Check.hex("word 1: 32 bits written", 0xffff_ff00_a5a5_a5a5L, host.get(U64, 8));
            Check.hex("word 2", guards, host.get(U64, 16));
            Check.hex("word 3: 64 bits written", 0x0102_0304_0506_0708L, host.get(U64, 24));
            Check.hex("word 4", guards, host.get(U64, 32));
        }
    }

    private static void timestamp(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, PAGE).memory();
            shop.device(0, COPY_BYTES);
            shop.device(COPY_BYTES, COPY_BYTES);
            RawQueue queue = shop.queue();
            long begun = bench.registers().timer().readNow();
            long signal = shop.signal(3);
            queue.put(TimestampPacket.word(false, PLAIN, SYSTEM), (ring, at) -> TimestampPacket.encode(ring, at, Workshop.HOST, signal));
            queue.put(CopyPacket.word(false, PLAIN, PLAIN),
                    (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.DEVICE, Workshop.DEVICE + COPY_BYTES, COPY_BYTES, signal));
            queue.put(TimestampPacket.word(false, PLAIN, SYSTEM),
                    (ring, at) -> TimestampPacket.encode(ring, at, Workshop.HOST + 8, signal));
            queue.ring(2);
            shop.await(signal);
            long ended = bench.registers().timer().readNow();
            long first = host.get(U64, 0);
            long second = host.get(U64, 8);
            Check.that(begun <= first && first < second && second <= ended, "%d <= first < second <= %d".formatted(begun, ended),
                    first + ", " + second);
            bench.note("a copy of %d KiB in %.1f us of device time".formatted(COPY_BYTES / 1024, (second - first) / 1e3));
        }
    }

    private static void interrupt(Bench bench) {
        int vector = 7;
        try (Workshop shop = bench.workshop()) {
            Interrupts interrupts = bench.enabledInterrupts();
            MemorySegment host = shop.host(0, PAGE).memory();
            RawQueue queue = shop.queue(RawQueue.Settings.of(4).withVector(vector));
            for (int i = 1; i <= 5; i++) {
                int value = i;
                long before = interrupts.delivered(vector);
                long signal = shop.signal(1);
                queue.submit(WriteValuePacket.word(false, PLAIN, SYSTEM),
                        (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, value, signal));
                Check.that(
                        bench.link().runtime().await(() -> interrupts.delivered(vector) > before,
                                bench.link().runtime().deadline(ARRIVAL_NANOS)),
                        "an interrupt on vector " + vector, "none");
                Check.equal("signal when the interrupt is there", 0L, shop.value(signal));
                Check.equal("data when the interrupt is there", (long) value, host.get(U64, 0) & 0xffff_ffffL);
            }
        }
    }

    private static void all(Bench bench) {
        int queues = IdRegs.Counts.queues(bench.registers().id().readCounts());
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, (long) queues * PAGE).memory();
            List<RawQueue> opened = new ArrayList<>();
            for (int i = 0; i < queues; i++) {
                opened.add(shop.queue(RawQueue.Settings.of(4)));
            }
            long signal = shop.signal(1);
            List<Long> signals = new ArrayList<>();
            for (int i = 0; i < queues; i++) {
                int pattern = i + 1;
                long own = shop.signal(8);
                signals.add(own);
                for (int n = 0; n < 8; n++) {
                    long to = Workshop.HOST + (long) i * PAGE + n * 512L;
                    opened.get(i).submit(FillPacket.word(false, PLAIN, SYSTEM),
                            (ring, at) -> FillPacket.encode(ring, at, 4, pattern, to, 128, own));
                }
            }
            shop.set(signal, 0);
            signals.forEach(shop::await);
            for (int i = 0; i < queues; i++) {
                for (int n = 0; n < PAGE; n += 4) {
                    Check.equal("word %d of queue %d".formatted(n / 4, i), i + 1, host.get(ValueLayout.JAVA_INT, (long) i * PAGE + n));
                }
            }
            bench.note(queues + " queues, 8 packets each");
        }
    }

    private static void invalidPackets(Bench bench) {
        int[] words = {AqlHeader.word(AqlHeader.TYPE_AGENT_DISPATCH, false, PLAIN, PLAIN, 0), AqlHeader.word(6, false, PLAIN, PLAIN, 0),
            AqlHeader.word(AqlHeader.TYPE_VENDOR, false, PLAIN, PLAIN, 0), AqlHeader.word(AqlHeader.TYPE_VENDOR, false, PLAIN, PLAIN, 6),
            CopyPacket.word(false, 3, PLAIN), CopyPacket.word(false, PLAIN, PLAIN) | 1 << 13,
            AqlHeader.word(AqlHeader.TYPE_KERNEL_DISPATCH, false, PLAIN, PLAIN, 4)};
        for (int word : words) {
            try (Workshop shop = bench.workshop()) {
                int before = FaultLog.total(bench);
                RawQueue queue = shop.queue();
                long later = shop.signal(1);
                queue.put(word, (ring, at) -> ring.asSlice(at + 4, AqlHeader.PACKET_BYTES - 4).fill((byte) 0));
                queue.put(TimestampPacket.word(false, PLAIN, PLAIN),
                        (ring, at) -> TimestampPacket.encode(ring, at, Workshop.SIGNALS + 8, later));
                queue.ring(1);
                Check.equal("error of a packet with header 0x%08x".formatted(word), QueueError.INVALID_PACKET, queue.awaitError());
                Check.equal("queue.error_packet", 0L, queue.registers().readErrorPacket());
                FaultLog.expect(bench, before, Xid.CP_INVALID_COMMAND);
                Check.equal("signal of the packet behind", 1L, shop.value(later));
            }
        }
        bench.note(words.length + " kinds");
    }

    private static void doorbellBack(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, PAGE);
            RawQueue queue = shop.queue();
            long signal = shop.signal(3);
            for (int i = 0; i < 3; i++) {
                queue.submit(WriteValuePacket.word(false, PLAIN, SYSTEM),
                        (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 1, signal));
            }
            shop.await(signal);
            queue.ring(1);
            Check.equal("queue error", QueueError.DOORBELL_BACK, queue.awaitError());
            Check.equal("queue.error_packet: the next to be taken", 3L, queue.registers().readErrorPacket());
            Check.hex("queue.error_address: the value rung", 1L, queue.registers().readErrorAddress());
        }
    }

    private static void ringFault(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            int before = FaultLog.total(bench);
            long gone;
            try (dev.openppu.hal.dma.DmaMapping mapping = bench.link().dma().allocate(PAGE, dev.openppu.hal.dma.DmaAccess.BOTH)) {
                gone = mapping.iova();
            }
            RawQueue queue = shop.queue(RawQueue.Settings.of(4).withBase(gone));
            queue.ring(0);
            Check.equal("queue error", QueueError.RING_FAULT, queue.awaitError());
            FaultLog.expect(bench, before, Xid.CP_INVALID_COMMAND);
        }
    }

    private static void operandFaults(Bench bench) {
        long memory = bench.registers().memory().readSize();
        operandFault(bench, "an unmapped page", Workshop.DEVICE, Xid.CHUB_INVALID_PAGE, shop -> {});
        operandFault(bench, "a page without the right to write", Workshop.DEVICE, Xid.CHUB_INVALID_PAGE,
                shop -> shop.space().map(Workshop.DEVICE, 1L << 30, PAGE, dev.openppu.abi.memory.PageTableEntry.READ));
        operandFault(bench, "a malformed entry", Workshop.DEVICE, Xid.CHUB_INVALID_PAGE,
                shop -> shop.space().entry(Workshop.DEVICE, 0, dev.openppu.abi.memory.PageTableEntry.leaf(0, 1L << 30, 3 << 1) | 1L << 60));
        operandFault(bench, "an address that is not canonical", 1L << 47, Xid.MMU_INVALID_VA, shop -> {});
        operandFault(bench, "a page outside device memory", Workshop.DEVICE, Xid.CHUB_INVALID_PA,
                shop -> shop.space().map(Workshop.DEVICE, memory, PAGE,
                        dev.openppu.abi.memory.PageTableEntry.READ | dev.openppu.abi.memory.PageTableEntry.WRITE));
    }

    private static void operandFault(Bench bench, String what, long address, Xid xid, java.util.function.Consumer<Workshop> setUp) {
        try (Workshop shop = bench.workshop()) {
            setUp.accept(shop);
            int before = FaultLog.total(bench);
            RawQueue queue = shop.queue();
            long signal = shop.signal(1);
            queue.submit(FillPacket.word(false, PLAIN, SYSTEM), (ring, at) -> FillPacket.encode(ring, at, 4, 1, address + 64, 16, signal));
            Check.equal("signal after writing to " + what, Signal.FAILED, shop.awaitEnd(signal));
            Check.equal("queue error after writing to " + what, QueueError.MEMORY_FAULT, queue.awaitError());
            Check.hex("queue.error_address", address + 64, queue.registers().readErrorAddress());
            FaultLog.expect(bench, before, xid);
        }
    }

    private static void contextLost(Bench bench) {
        try (Workshop victim = bench.workshop(); Workshop bystander = victim.beside()) {
            RawQueue failing = victim.queue();
            RawQueue sibling = victim.queue();
            RawQueue other = bystander.queue();
            MemorySegment host = bystander.host(0, PAGE).memory();
            long signal = victim.signal(1);
            failing.submit(FillPacket.word(false, PLAIN, SYSTEM),
                    (ring, at) -> FillPacket.encode(ring, at, 4, 1, Workshop.DEVICE, 16, signal));
            Check.equal("queue error", QueueError.MEMORY_FAULT, failing.awaitError());
            Check.equal("error of another queue of the context", QueueError.CONTEXT_LOST, sibling.awaitError());
            long done = bystander.signal(1);
            other.submit(WriteValuePacket.word(false, PLAIN, SYSTEM),
                    (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 42, done));
            bystander.await(done);
            Check.equal("value written in another context", 42L, host.get(U64, 0));
            Check.that(other.state() != QueueState.ERROR, "the other context's queue goes on", other.state().toString());
        }
    }
}
