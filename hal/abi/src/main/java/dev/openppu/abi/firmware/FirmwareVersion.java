package dev.openppu.abi.firmware;

import java.util.Objects;

/**
 * A firmware's version as image and {@code fw.version} hold it.
 *
 * @param major 0 to 65535
 * @param minor 0 to 255
 * @param patch 0 to 255
 */
public record FirmwareVersion(int major, int minor, int patch) {
    public FirmwareVersion {
        Objects.checkIndex(major, 0x10000);
        Objects.checkIndex(minor, 0x100);
        Objects.checkIndex(patch, 0x100);
    }

    public static FirmwareVersion unpack(int word) {
        return new FirmwareVersion(word >>> 16, word >>> 8 & 0xff, word & 0xff);
    }

    /** {@code major << 16 | minor << 8 | patch}. */
    public int pack() {
        return major << 16 | minor << 8 | patch;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
