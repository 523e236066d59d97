package dev.openppu.model.compute;

/** Extent of a grid or block, or the position of a block or thread in it. */
public record Dim3(int x, int y, int z) {
    /** Number of positions in this extent. */
    public long count() {
        return (long) x * y * z;
    }
}
