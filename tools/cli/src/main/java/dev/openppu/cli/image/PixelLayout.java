package dev.openppu.cli.image;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a kernel wants its pixels: row after row, without padding. */
public enum PixelLayout {
    /** One byte a pixel, 0 black to 255 white. */
    GRAY8(1),
    /** One float a pixel, 0 black to 1 white; little-endian. */
    GRAYF32(4),
    /** Four bytes a pixel: red, green, blue, alpha (255 opaque), so one little-endian word {@code 0xAABBGGRR}. */
    RGBA8(4);

    private final int bytes;

    PixelLayout(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one pixel. */
    public int bytes() {
        return bytes;
    }

    /** As users write it, for example {@code gray8}. */
    public String shortName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By the name that users write. */
    public static Optional<PixelLayout> of(String name) {
        return Arrays.stream(values()).filter(layout -> layout.shortName().equals(name)).findFirst();
    }

    /** All names, for messages. */
    public static String names() {
        return Arrays.stream(values()).map(PixelLayout::shortName).collect(Collectors.joining(", "));
    }
}
