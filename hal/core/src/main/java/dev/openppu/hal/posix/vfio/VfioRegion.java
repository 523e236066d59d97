package dev.openppu.hal.posix.vfio;

import java.util.List;

/**
 * A part of a device's file: a BAR, the expansion ROM, config space.
 *
 * @param index 0 to 5 the BARs, 6 the ROM, 7 config space
 * @param size bytes; 0 if there is none
 * @param offset in the file
 * @param readable may be read at its offset
 * @param writable may be written at its offset
 * @param areas that may be mapped, offsets inside the region; empty if none may
 */
public record VfioRegion(int index, long size, long offset, boolean readable, boolean writable, List<Area> areas) {
    public static final int CONFIG = 7;

    /** Bytes {@code offset} to {@code offset + size - 1} of the region. */
    public record Area(long offset, long size) {}

    public VfioRegion {
        areas = List.copyOf(areas);
    }

    /** All of it may be mapped in one piece. */
    public boolean mappable() {
        return areas.size() == 1 && areas.getFirst().offset() == 0 && areas.getFirst().size() == size;
    }
}
