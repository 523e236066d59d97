package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.VendorPacket;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.harness.Check;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A packet that the device has to take, to make bad ones from by one change each.
 *
 * @param what it is, for people
 * @param word its header and setup
 * @param zeros bytes of it that must be zero
 */
record SoundPacket(String what, int word, RawQueue.Body body, List<Zeros> zeros) {
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int[] RESERVED_HEADER_BITS = {13, 14, 15};
    private static final int ACQUIRE = 3 << 9;
    private static final int RELEASE = 3 << 11;
    private static final long END_NANOS = 1_000_000_000L;

    /** {@code bytes} of a packet from {@code offset} on. */
    record Zeros(int offset, int bytes) {
        /** Words of 64 bits. */
        static List<Zeros> words(int... offsets) {
            return Arrays.stream(offsets).mapToObj(offset -> new Zeros(offset, Long.BYTES)).toList();
        }
    }

    /** A variant of which no reserved bytes are to be spoilt. */
    static SoundPacket of(String what, int word, RawQueue.Body body) {
        return new SoundPacket(what, word, body, List.of());
    }

    /**
     * Fails unless the device does each of these packets, one after the other in one queue; copies and fills are left out where it has no engine for them.
     * {@link Workshop#HOST} is mapped.
     */
    static void take(Workshop shop, List<SoundPacket> packets) {
        RawQueue queue = shop.queue();
        boolean copies = Presence.present(shop.bench(), "copy");
        for (SoundPacket packet : packets.stream().filter(each -> copies || !each.copies()).toList()) {
            long done = shop.signal(1);
            queue.put(packet.word(), packet.body());
            queue.submit(BarrierPacket.andWord(true, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_NONE),
                    (ring, at) -> BarrierPacket.encode(ring, at, done));
            shop.bench().function().poll(() -> shop.value(done) <= 0 || queue.state() == QueueState.ERROR, END_NANOS);
            Check.that(shop.value(done) == 0, packet.what() + ": taken and done", queue.state() + " " + queue.error());
        }
    }

    private boolean copies() {
        int format = VendorPacket.format(word);
        return AqlHeader.type(word) == AqlHeader.TYPE_VENDOR
                && (format == VendorPacket.FORMAT_COPY || format == VendorPacket.FORMAT_FILL);
    }

    /** Another 64 bits at an offset of the body. */
    BadPacket with(String change, int offset, long value) {
        return new BadPacket("%s: %s".formatted(what, change), word, (ring, at) -> {
            body.encode(ring, at);
            ring.set(U64, at + offset, value);
        });
    }

    /** Bits set of the header and setup. */
    BadPacket or(String change, int bits) {
        return new BadPacket("%s: %s".formatted(what, change), word | bits, body);
    }

    /** The header's reserved bits and undefined scopes, and the first, a middle and the last bit of each place that must be zero. */
    List<BadPacket> spoilt() {
        List<BadPacket> all = new ArrayList<>();
        for (int bit : RESERVED_HEADER_BITS) {
            all.add(or("reserved header bit " + bit, 1 << bit));
        }
        all.add(or("acquire scope 3", ACQUIRE));
        all.add(or("release scope 3", RELEASE));
        for (Zeros zero : zeros) {
            int bits = Byte.SIZE * zero.bytes();
            for (int bit : new int[]{0, bits / 2 - 1, bits - 1}) {
                all.add(flipped("bit %d of the reserved %d bytes at 0x%02x".formatted(bit, zero.bytes(), zero.offset()),
                        zero.offset() + bit / Byte.SIZE, 1 << bit % Byte.SIZE));
            }
        }
        return all;
    }

    private BadPacket flipped(String change, int offset, int bits) {
        return new BadPacket("%s: %s".formatted(what, change), word, (ring, at) -> {
            body.encode(ring, at);
            flip(ring, at + offset, bits);
        });
    }

    private static void flip(MemorySegment ring, long at, int bits) {
        ring.set(ValueLayout.JAVA_BYTE, at, (byte) (ring.get(ValueLayout.JAVA_BYTE, at) ^ bits));
    }
}
