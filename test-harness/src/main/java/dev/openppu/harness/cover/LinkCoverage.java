package dev.openppu.harness.cover;

import java.util.BitSet;
import java.util.Map;
import java.util.Optional;

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

    /**
     * What only PPUs have.
     *
     * @param packets how many of each kind stood in a ring when its doorbell was rung
     * @param packetsUnseen how many the device had taken before that
     * @param pageFaults by their reason, as they were read from the device
     */
    public record OfPpu(Map<String, Long> packets, long packetsUnseen, Map<String, Long> pageFaults) {}
}
