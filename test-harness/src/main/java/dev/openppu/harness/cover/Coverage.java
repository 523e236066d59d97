package dev.openppu.harness.cover;

import dev.openppu.abi.reg.MmuReason;
import dev.openppu.model.census.Census;
import dev.openppu.model.census.DeviceReset;
import dev.openppu.model.census.PacketKind;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What has been used of a device. Kinds that have not been met are left out of the maps.
 *
 * @param packets how many of each kind have started
 * @param pageFaults by their reason
 * @param resets by what they reset
 * @param read fields of {@link RegisterFields} that have been read, by number
 * @param written fields that have been written
 * @param nonZero fields of which a bit was 1 in what was read or written
 */
public record Coverage(Map<String, Long> packets, Map<String, Long> pageFaults, Map<String, Long> resets, BitSet read, BitSet written,
        BitSet nonZero) {
    /** All kinds of packets, as reports write them. */
    public static final List<String> PACKETS = Stream.of(PacketKind.values()).map(PacketKind::id).toList();
    /** All reasons of page faults. */
    public static final List<String> PAGE_FAULTS = Stream.of(MmuReason.values()).filter(reason -> reason != MmuReason.NONE)
            .map(Coverage::id).toList();

    /** Nothing, or nobody knows. */
    public static final Coverage NONE = new Coverage(Map.of(), Map.of(), Map.of(), new BitSet(), new BitSet(), new BitSet());

    /** What {@code census} and {@code touched} have now. */
    public static Coverage of(Census census, TouchedRegisters touched) {
        return new Coverage(counts(Stream.of(PacketKind.values()), PacketKind::id, census::packets),
                counts(Stream.of(MmuReason.values()), Coverage::id, census::pageFaults),
                counts(Stream.of(DeviceReset.values()), DeviceReset::id, census::resets), touched.readFields(), touched.writtenFields(),
                touched.nonZeroFields());
    }

    /** As reports write it: {@code invalid-page}. */
    public static String id(MmuReason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <K> Map<String, Long> counts(Stream<K> kinds, Function<K, String> id, ToLongFunction<K> count) {
        Map<String, Long> counts = new LinkedHashMap<>();
        kinds.filter(kind -> count.applyAsLong(kind) > 0).forEach(kind -> counts.put(id.apply(kind), count.applyAsLong(kind)));
        return counts;
    }
}
