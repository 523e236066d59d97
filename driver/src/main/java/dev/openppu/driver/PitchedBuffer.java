package dev.openppu.driver;

/**
 * Device memory for rows of equal length, each beginning at a multiple of the pitch.
 *
 * @param memory all of it
 * @param pitch bytes from the begin of a row to that of the next
 * @param width bytes of a row that are meant to be used
 * @param height rows
 */
public record PitchedBuffer(DeviceBuffer memory, long pitch, long width, long height) implements AutoCloseable {
    /** Every pitch is a multiple of it: our choice, two of the widest accesses of a warp. */
    public static final long ALIGNMENT = 512;

    /** As a place for a 2D copy or fill. */
    public Pitched at(long row, long column) {
        return new Pitched(memory, row * pitch + column, pitch);
    }

    /** Frees the memory as {@link DeviceBuffer#close} does. */
    @Override
    public void close() {
        memory.close();
    }
}
