package dev.openppu.driver.client;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.concurrency.Chunks;
import dev.openppu.concurrency.SpinningRuntime;
import dev.openppu.driver.owner.OwnerService;
import dev.openppu.driver.owner.OwnerService.QueueGrant;
import dev.openppu.hal.irq.Wakeup;
import dev.openppu.model.pcie.DeviceStores;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.Optional;

/** A real queue of four packets with nothing below it: its device is an actor of the test. */
class Rings {
    static final int LOG2 = 2;
    static final int CAPACITY = 1 << LOG2;
    static final int WORD = AqlHeader.word(AqlHeader.TYPE_BARRIER_AND, true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM, 0);
    private static final int BODY_WORDS = 7;
    private static final SpinningRuntime RUNTIME = new SpinningRuntime();
    private static final OwnerService NOBODY = (OwnerService) Proxy.newProxyInstance(OwnerService.class.getClassLoader(),
            new Class<?>[]{OwnerService.class}, (_, method, _) -> {
                if (method.getName().equals("loss")) {
                    return Optional.empty(); // nothing is known of why
                }
                throw new UnsupportedOperationException(method.getName());
            });

    final MemorySegment ring = Chunks.next((long) CAPACITY * AqlHeader.PACKET_BYTES);
    final MemorySegment signal = Chunks.next(SignalSlot.BYTES);
    final MemorySegment readIndex = Chunks.next(Long.BYTES);
    final MemorySegment status = Chunks.next(Long.BYTES);
    /** What the doorbell was rung with last, -1 if it was not. */
    volatile long rung = -1;
    final CommandQueue queue;

    Rings() {
        for (int slot = 0; slot < CAPACITY; slot++) {
            AqlHeader.invalidate(ring, (long) slot * AqlHeader.PACKET_BYTES);
        }
        ContextLink link = new ContextLink(NOBODY, RUNTIME, "device", new OwnerService.ContextGrant(1, 1, status), 0);
        QueueGrant grant = new QueueGrant(0, LOG2, ring, readIndex, packet -> rung = packet, Wakeup.any());
        queue = new CommandQueue(link, "queue", grant, new SignalSlot(signal, 0, 0x1000), new QueueSource() {
            @Override
            public QueueGrant reopen(long deadlineNanos) {
                return grant;
            }

            @Override
            public void giveBack(int number) {
                // nobody counts
            }

            @Override
            public void counts(int number, SignalSlot slot, long first) {
                // nobody looks
            }
        });
    }

    /** In a turn: a packet all of whose words are {@code number}. */
    final long packet(int number) {
        long slot = queue.slot();
        for (int word = 1; word <= BODY_WORDS; word++) {
            ring.set(ValueLayout.JAVA_LONG, slot + (long) word * Long.BYTES, number);
        }
        return queue.submit(WORD);
    }

    /** A packet all of whose words are {@code number}, in a turn of its own. */
    final void submit(int number) {
        queue.claim(1, Long.MAX_VALUE);
        try {
            packet(number);
        } finally {
            queue.release();
        }
    }

    /** How the device reads a packet: -1 if there is none, else how many of its words are {@code number}. */
    int look(int slot, int number, MemorySegment line) {
        DeviceStores.readLines(ring, (long) slot * AqlHeader.PACKET_BYTES, line, AqlHeader.PACKET_BYTES);
        return AqlHeader.type(AqlHeader.acquire(line, 0)) == AqlHeader.TYPE_INVALID ? -1 : words(line, 0, number);
    }

    static int words(MemorySegment packets, long at, int number) {
        int same = 0;
        for (int word = 1; word <= BODY_WORDS; word++) {
            same += packets.get(ValueLayout.JAVA_LONG, at + (long) word * Long.BYTES) == number ? 1 : 0;
        }
        return same;
    }

    boolean holds(int slot, int number) {
        long at = (long) slot * AqlHeader.PACKET_BYTES;
        return AqlHeader.acquire(ring, at) == WORD && words(ring, at, number) == BODY_WORDS;
    }
}
