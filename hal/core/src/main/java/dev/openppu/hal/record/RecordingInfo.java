package dev.openppu.hal.record;

import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.Observable;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaSpace.IovaRange;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a recording says of itself and of the link that it was made of.
 *
 * @param identity the link's
 * @param command arguments of the command that ran; empty if it is not known
 * @param simulated whether the clock was: then the order of everything is exact
 * @param wholeDma whether the content of host memory and of BAR memory is there, not its checksum only
 * @param seenDma whether every access of the device to host memory is there as it happened; if not, what had changed when host software could see it
 * @param origin the link's time when the recording began, ns
 * @param configBytes bytes of config space
 * @param vectors MSI-X vectors that the device implements
 * @param pageBytes granularity of IOVA mappings
 */
public record RecordingInfo(LinkIdentity identity, List<String> command, boolean simulated, boolean wholeDma, boolean seenDma, long origin,
        int configBytes, int vectors, long pageBytes, List<IovaRange> ranges, Set<ResetKind> resets,
        List<Unobservable> unobservable) {
    private static final int SIMULATED_CLOCK = 1;
    private static final int WHOLE_DMA = 2;
    private static final int SEEN_DMA = 4;
    private static final int SIMULATED_DEVICE = 8;
    private static final int MOST_ENTRIES = 4096;

    public RecordingInfo {
        command = List.copyOf(command);
        ranges = List.copyOf(ranges);
        resets = resets.isEmpty() ? Set.of() : EnumSet.copyOf(resets);
        unobservable = List.copyOf(unobservable);
    }

    private int flags() {
        return (simulated ? SIMULATED_CLOCK : 0) | (wholeDma ? WHOLE_DMA : 0) | (seenDma ? SEEN_DMA : 0)
                | (identity.simulated() ? SIMULATED_DEVICE : 0);
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(RecordingFormat.MOST_DESCRIPTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try {
            Varint.put(out, flags());
            Varint.put(out, origin);
            Varint.put(out, configBytes);
            Varint.put(out, vectors);
            Varint.put(out, pageBytes);
            putText(out, identity.uri());
            putText(out, identity.address());
            putText(out, identity.description());
            putAll(out, command, word -> putText(out, word));
            putAll(out, ranges, range -> {
                Varint.put(out, range.first());
                Varint.put(out, range.last());
            });
            putAll(out, resets, reset -> Varint.put(out, reset.ordinal()));
            putAll(out, unobservable, hidden -> {
                Varint.put(out, hidden.what().ordinal());
                putText(out, hidden.reason());
            });
        } catch (java.nio.BufferOverflowException e) {
            throw new RecordingException("what the link says of itself is too long to record", e);
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static <T> void putAll(ByteBuffer out, Collection<T> all, java.util.function.Consumer<T> put) {
        Varint.put(out, all.size());
        all.forEach(put);
    }

    private static void putText(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Varint.put(out, bytes.length);
        out.put(bytes);
    }

    static RecordingInfo decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            long flags = Varint.get(in);
            long origin = Varint.get(in);
            int configBytes = small(in, "bytes of config space", 4096);
            int vectors = small(in, "MSI-X vectors", 2048);
            long pageBytes = Varint.get(in);
            require(Long.bitCount(pageBytes) == 1 && pageBytes > 0, "a page size that is no power of two");
            LinkIdentity identity = new LinkIdentity(text(in), text(in), text(in), (flags & SIMULATED_DEVICE) != 0);
            return new RecordingInfo(identity, all(in, RecordingInfo::text), (flags & SIMULATED_CLOCK) != 0, (flags & WHOLE_DMA) != 0,
                    (flags & SEEN_DMA) != 0, origin, configBytes, vectors, pageBytes,
                    all(in, from -> new IovaRange(Varint.get(from), Varint.get(from))), resets(in), all(in, RecordingInfo::hidden));
        } catch (BufferUnderflowException e) {
            throw new RecordingException("its description is too short", e);
        }
    }

    private static Set<ResetKind> resets(ByteBuffer in) {
        Set<ResetKind> resets = EnumSet.noneOf(ResetKind.class);
        resets.addAll(all(in, from -> ResetKind.values()[small(from, "kind of reset", ResetKind.values().length - 1)]));
        return resets;
    }

    private static Unobservable hidden(ByteBuffer in) {
        return new Unobservable(Observable.values()[small(in, "property", Observable.values().length - 1)], text(in));
    }

    private static <T> List<T> all(ByteBuffer in, Function<ByteBuffer, T> get) {
        int count = small(in, "number of entries", MOST_ENTRIES);
        List<T> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(get.apply(in));
        }
        return all;
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[small(in, "length of a text", in.remaining())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int small(ByteBuffer in, String what, int most) {
        long value = Varint.get(in);
        require(value >= 0 && value <= most, "a " + what + " of " + Long.toUnsignedString(value));
        return (int) value;
    }

    private static void require(boolean good, String what) {
        if (!good) {
            throw new RecordingException("its description has " + what);
        }
    }
}
