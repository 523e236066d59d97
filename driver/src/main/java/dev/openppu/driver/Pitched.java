package dev.openppu.driver;

/**
 * Where the rows of a 2D copy or fill are.
 *
 * @param memory what they are in
 * @param offset of the first row's first byte
 * @param pitch bytes from the begin of a row to that of the next
 */
public record Pitched(DeviceMemory memory, long offset, long pitch) {
    /** Bytes from the first to the last of a rectangle; the caller has checked its shape. */
    long span(long width, long height) {
        return width == 0 || height == 0 ? 0 : (height - 1) * pitch + width;
    }
}
