package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.harness.Check;
import dev.openppu.harness.bench.BareDevice;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawKernel;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A little of everything that a working device does: boot, a copy there and back, a kernel, an interrupt. */
final class SmallJob {
    /** Its queue's. */
    static final int VECTOR = 5;

    private static final int BYTES = 5000;
    private static final int ANSWER = 42;
    private static final long BACK = 0x10_0000;
    private static final long CODE = 0x20_0000;
    private static final long ARRIVAL_NANOS = 1_000_000_000L;
    private static final int COPY = CopyPacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);

    private SmallJob() {}

    /** Boots a device that a reset has left in its ROM and does the job. Interrupts have to be enabled. */
    static void afterReset(Bench bench) {
        BareDevice device = bench.boot();
        try (Workshop shop = bench.workshop(device)) {
            copies(bench, shop);
        }
    }

    private static void copies(Bench bench, Workshop shop) {
        Interrupts interrupts = bench.link().interrupts();
        long before = interrupts.delivered(VECTOR);
        MemorySegment host = shop.host(0, BYTES).memory();
        MemorySegment back = shop.host(BACK, BYTES).memory();
        shop.device(0, BYTES);
        byte[] content = Patterns.bytes(BYTES, 99);
        MemorySegment.copy(MemorySegment.ofArray(content), 0, host, 0, BYTES);
        RawQueue queue = shop.queue(RawQueue.Settings.of(4).withVector(VECTOR));
        long signal = shop.signal(2);
        queue.put(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST, Workshop.DEVICE, BYTES, signal));
        queue.put(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.DEVICE, Workshop.HOST + BACK, BYTES, signal));
        queue.ring(1);
        shop.await(signal);
        Check.bytes("a copy there and back after the reset", content, back.asSlice(0, BYTES).toArray(ValueLayout.JAVA_BYTE));
        Check.that(
                bench.link().runtime().await(() -> interrupts.delivered(VECTOR) > before, bench.link().runtime().deadline(ARRIVAL_NANOS)),
                "the copies' interrupt after the reset", "none");
        if (Presence.present(bench, "compute")) {
            kernel(shop, queue, host);
        }
    }

    private static void kernel(Workshop shop, RawQueue queue, MemorySegment host) {
        RawKernel kernel = RawKernel.place(shop, Kernels.assembled("resets.tix"), "answer", CODE, Workshop.HOST);
        long signal = shop.signal(1);
        queue.submit(RawKernel.word(), kernel.dispatch(1, signal));
        shop.await(signal);
        Check.equal("a kernel's store after the reset", ANSWER, host.get(ValueLayout.JAVA_INT, 0));
    }
}
