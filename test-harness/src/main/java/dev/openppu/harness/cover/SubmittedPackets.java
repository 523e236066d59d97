package dev.openppu.harness.cover;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.harness.bench.MappedRegister;
import dev.openppu.harness.bench.RegisterCensus;
import dev.openppu.model.census.PacketKind;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;

/**
 * Packets by their kinds, as they stand in the rings when a doorbell is about to be rung. Where a ring is follows from what was written to its queue's registers. A packet that the device has taken before that, because
 * it was at work on the queue, is counted as one that was not seen. Thread-safe.
 */
final class SubmittedPackets {
    private static final Places PLACES = Places.ofPpu();

    private final WatchedDmaSpace memory;
    private final Map<Integer, Ring> rings = new HashMap<>();
    private final AtomicLongArray kinds = new AtomicLongArray(PacketKind.values().length);
    private final AtomicLong unseen = new AtomicLong();

    /** What a queue was last told, and up to where its ring was looked at. */
    private static final class Ring {
        private long base;
        private int log2Packets;
        private long next;
    }

    /** Numbers of queues by the offsets of their registers. */
    private record Places(Map<Long, Integer> bases, Map<Long, Integer> controls, Map<Long, Integer> doorbells) {
        static Places ofPpu() {
            RegisterCensus census = RegisterCensus.ofPpu();
            return new Places(places(census, PpuIds.BAR_REGISTERS, ".base"), places(census, PpuIds.BAR_REGISTERS, ".control"),
                    places(census, PpuIds.BAR_DOORBELLS, ".ring"));
        }

        private static Map<Long, Integer> places(RegisterCensus census, int bar, String name) {
            Map<Long, Integer> places = new HashMap<>();
            for (MappedRegister register : census.of(bar, "queue")) {
                String path = register.path();
                if (path.endsWith(name)) {
                    places.put(register.offset(), Integer.valueOf(path.substring(path.indexOf('[') + 1, path.indexOf(']'))));
                }
            }
            return places;
        }
    }

    SubmittedPackets(WatchedDmaSpace memory) {
        this.memory = memory;
    }

    /** To be told of the BAR of the registers. */
    AccessWatch registers() {
        return (Writes) (offset, bytes, value) -> {
            if (PLACES.bases.containsKey(offset) && bytes == Long.BYTES) {
                setBase(PLACES.bases.get(offset), value);
            } else if (PLACES.controls.containsKey(offset) && QueueRegs.Control.enable((int) value)) {
                begin(PLACES.controls.get(offset), QueueRegs.Control.log2Packets((int) value));
            }
        };
    }

    /** To be told of the BAR of the doorbells. */
    AccessWatch doorbells() {
        return (Writes) (offset, bytes, value) -> {
            Integer queue = PLACES.doorbells.get(offset);
            if (queue != null && bytes == Long.BYTES) {
                look(queue, value);
            }
        };
    }

    private interface Writes extends AccessWatch {
        @Override
        default void read(long offset, int bytes, long value) {
            // says nothing of packets
        }
    }

    private synchronized void setBase(int queue, long base) {
        rings.computeIfAbsent(queue, _ -> new Ring()).base = base;
    }

    private synchronized void begin(int queue, int log2Packets) {
        Ring ring = rings.computeIfAbsent(queue, _ -> new Ring());
        ring.log2Packets = log2Packets;
        ring.next = 0;
    }

    /** @param last packet that the doorbell will name: a hint, which may be any number */
    private synchronized void look(int queue, long last) {
        Ring ring = rings.get(queue);
        long count = ring == null ? 0 : last - ring.next + 1;
        if (ring == null || count <= 0 || count > 1L << ring.log2Packets) {
            return;
        }
        Optional<MemorySegment> packets = memory.from(ring.base);
        for (; ring.next <= last; ring.next++) {
            long slot = (ring.next & (1L << ring.log2Packets) - 1) * AqlHeader.PACKET_BYTES;
            int word = packets.map(segment -> header(segment, slot)).orElse(AqlHeader.INVALID_WORD);
            if (AqlHeader.type(word) == AqlHeader.TYPE_INVALID) {
                unseen.incrementAndGet();
            } else {
                kinds.incrementAndGet(PacketKind.of(word).ordinal());
            }
        }
    }

    /** The packet's first word; that of none where there is no memory, or none any more. */
    private static int header(MemorySegment ring, long slot) {
        try {
            return slot + AqlHeader.PACKET_BYTES > ring.byteSize() ? AqlHeader.INVALID_WORD : AqlHeader.acquire(ring, slot);
        } catch (IllegalStateException | WrongThreadException e) {
            return AqlHeader.INVALID_WORD; // unmapped meanwhile, or its owner's alone
        }
    }

    /** How many of each kind were seen; kinds that were not are left out. */
    Map<String, Long> seen() {
        Map<String, Long> seen = new LinkedHashMap<>();
        Stream.of(PacketKind.values()).filter(kind -> kinds.get(kind.ordinal()) > 0)
                .forEach(kind -> seen.put(kind.id(), kinds.get(kind.ordinal())));
        return seen;
    }

    /** How many were gone when they were looked for. */
    long unseen() {
        return unseen.get();
    }
}
