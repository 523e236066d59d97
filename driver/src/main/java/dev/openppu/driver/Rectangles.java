package dev.openppu.driver;

import dev.openppu.driver.client.ContextLink;
import java.lang.foreign.MemorySegment;

/** 2D copies and fills of one stream, row by row where rows are apart, at once where they are not. All of it is checked before anything is submitted. */
final class Rectangles {
    private final Stream stream;
    private final ContextLink link;
    private final Ranges ranges;

    Rectangles(Stream stream, ContextLink link, Ranges ranges) {
        this.ranges = ranges;
        this.stream = stream;
        this.link = link;
    }

    void copy(Pitched destination, Pitched source, long width, long height) {
        check(destination, width, height);
        check(source, width, height);
        ranges.requireApart(destination, source, width, height);
        if (width == destination.pitch() && width == source.pitch()) {
            stream.copy(destination.memory(), destination.offset(), source.memory(), source.offset(), width * height);
            return;
        }
        for (long row = 0; row < rows(width, height); row++) {
            stream.copy(destination.memory(), destination.offset() + row * destination.pitch(), source.memory(),
                    source.offset() + row * source.pitch(), width);
        }
    }

    void toDevice(Pitched destination, MemorySegment source, long sourcePitch, long width, long height) {
        check(destination, width, height);
        check(source, sourcePitch, width, height);
        HostSegments.requireAlive(link, source);
        for (long row = 0; row < rows(width, height); row++) {
            stream.copyToDevice(destination.memory(), destination.offset() + row * destination.pitch(),
                    source.asSlice(row * sourcePitch, width));
        }
    }

    void toHost(MemorySegment destination, long destinationPitch, Pitched source, long width, long height) {
        check(source, width, height);
        check(destination, destinationPitch, width, height);
        HostSegments.requireWritable(link, destination);
        for (long row = 0; row < rows(width, height); row++) {
            stream.copyToHost(destination.asSlice(row * destinationPitch, width), source.memory(), source.offset() + row * source.pitch());
        }
    }

    /** @param width elements of {@code bytes} bytes */
    void fill(Pitched destination, int bytes, int value, long width, long height) {
        if (width > Long.MAX_VALUE / bytes) {
            throw link.invalid(stream.toString(), "rows of " + width + " elements", "give what fits into memory");
        }
        check(destination, width * bytes, height);
        if ((destination.pitch() & bytes - 1) != 0) {
            throw link.invalid(stream.toString(), "a pitch of %d bytes for elements of %d".formatted(destination.pitch(), bytes),
                    "align the pitch");
        }
        for (long row = 0; row < rows(width, height); row++) {
            long offset = destination.offset() + row * destination.pitch();
            switch (bytes) {
                case Byte.BYTES -> stream.fill8(destination.memory(), offset, (byte) value, width);
                case Short.BYTES -> stream.fill16(destination.memory(), offset, (short) value, width);
                default -> stream.fill32(destination.memory(), offset, value, width);
            }
        }
    }

    private static long rows(long width, long height) {
        return width == 0 ? 0 : height;
    }

    private void check(Pitched place, long width, long height) {
        shape(place.pitch(), width, height);
        place.memory().requireOpen();
        ranges.requireInside(place.memory(), place.offset(), place.span(width, height));
    }

    private void check(MemorySegment segment, long pitch, long width, long height) {
        shape(pitch, width, height);
        if (width != 0 && height != 0 && (height - 1) * pitch + width > segment.byteSize()) {
            throw link.invalid(stream.toString(),
                    "%d rows of %d bytes, %d apart, do not fit into a segment of %d bytes".formatted(height, width,
                            pitch, segment.byteSize()),
                    "give a larger segment");
        }
    }

    private void shape(long pitch, long width, long height) {
        if (width < 0 || height < 0 || pitch < width || height > 0 && pitch > Long.MAX_VALUE / height - width) {
            throw link.invalid(stream.toString(), "%d rows of %d bytes with a pitch of %d".formatted(height, width, pitch),
                    "give 0 or more rows, and a pitch of a row at least");
        }
    }
}
