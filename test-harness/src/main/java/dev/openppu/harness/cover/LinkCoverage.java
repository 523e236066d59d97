package dev.openppu.harness.cover;

import dev.openppu.hal.ResetKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a host has used of a device, as it was seen at the link. Kinds that were not met are left out of the maps.
 *
 * @param fields of the registers; empty if nothing was watched
 * @param read fields that have been read, by number
 * @param written fields that have been written
 * @param toggled fields of which each bit was both 0 and 1 in what was read or written
 * @param ppu packets and page faults, of a PPU
 * @param resets that were asked for, by what the link calls them
 */
public record LinkCoverage(Optional<RegisterFields> fields, BitSet read, BitSet written, BitSet toggled, Optional<OfPpu> ppu,
        Map<String, Long> resets) {
    /** Nobody has watched. */
    public static final LinkCoverage NONE = new LinkCoverage(Optional.empty(), new BitSet(), new BitSet(), new BitSet(), Optional.empty(),
            Map.of());
    /** All kinds of resets, by what the link calls them. */
    public static final List<String> RESETS = Stream.of(ResetKind.values()).map(LinkWatch::id).toList();

    /**
     * What only PPUs have.
     *
     * @param packets how many of each kind stood in a ring when its doorbell was rung
     * @param packetsUnseen how many the device had taken before that
     * @param pageFaults by their reason, as they were read from the device
     */
    public record OfPpu(Map<String, Long> packets, long packetsUnseen, Map<String, Long> pageFaults) {}

    /** In one line, how much of what there is was used; empty if nobody has watched. */
    public Optional<String> summary() {
        return fields.map(all -> {
            List<String> parts = new ArrayList<>();
            parts.add("%d of %d register fields read, %d written, %d with every bit at 0 and at 1".formatted(read.cardinality(),
                    all.names().size(), written.cardinality(), toggled.cardinality()));
            ppu.ifPresent(used -> {
                parts.add(ofAll(used.packets(), Coverage.PACKETS, "kinds of packets"));
                parts.add(ofAll(used.pageFaults(), Coverage.PAGE_FAULTS, "reasons of page faults"));
            });
            parts.add(ofAll(resets, RESETS, "kinds of resets"));
            return String.join("; ", parts);
        });
    }

    private static String ofAll(Map<String, Long> met, List<String> all, String what) {
        return "%d of %d %s".formatted(met.keySet().stream().filter(all::contains).count(), all.size(), what);
    }
}
