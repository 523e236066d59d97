package dev.openppu.hal.library;

/**
 * What a device in a library says of itself ({@code ppu_device_info}).
 *
 * @param description one line
 * @param simulated no silicon is behind it
 * @param stepped its time passes only in {@link LibraryDevice#advance}
 * @param configBytes 256 or 4096
 * @param vectors MSI-X vectors, 0 to 2048
 * @param resets bit n: {@link dev.openppu.hal.ResetKind} number n
 * @param mappable bit n: BAR n may be mapped
 */
public record LibraryInfo(String description, boolean simulated, boolean stepped, int configBytes, int vectors, int resets, int mappable) {
    static final int MOST_VECTORS = 2048;

    /** @throws LibraryException if it cannot be true */
    public LibraryInfo {
        description = LibraryText.printable(description);
        if (configBytes != 256 && configBytes != 4096 || vectors < 0 || vectors > MOST_VECTORS) {
            throw new LibraryException("ppu_device_get_info", LibraryResult.FAILED,
                    "%d bytes of config space (256 or 4096), %d vectors (at most %d)".formatted(configBytes, vectors, MOST_VECTORS));
        }
    }
}
