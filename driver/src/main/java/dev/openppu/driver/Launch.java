package dev.openppu.driver;

/**
 * A launch's shape.
 *
 * @param grid blocks, 1 to 2^31-1 in each axis
 * @param block threads of a block, at most (1024, 1024, 128) and 1024 in all
 * @param sharedBytes dynamic shared memory of a block, added to what the kernel declares
 */
public record Launch(Extent grid, Extent block, int sharedBytes) {

    /** No dynamic shared memory. */
    public static Launch of(Extent grid, Extent block) {
        return new Launch(grid, block, 0);
    }

    /** One dimension: enough blocks for {@code threads}, the last one maybe in excess. */
    public static Launch linear(long threads, int blockThreads) {
        return of(Extent.of(Math.toIntExact(Math.ceilDiv(threads, (long) blockThreads))), Extent.of(blockThreads));
    }

    /** Sizes in x, y and z; unused dimensions are 1. */
    public record Extent(int x, int y, int z) {
        public static Extent of(int x) {
            return new Extent(x, 1, 1);
        }

        public static Extent of(int x, int y) {
            return new Extent(x, y, 1);
        }

        public static Extent of(int x, int y, int z) {
            return new Extent(x, y, z);
        }

        /** 1 to 3: the highest that is used. */
        int dimensions() {
            if (z > 1) {
                return 3;
            }
            return y > 1 ? 2 : 1;
        }

        @Override
        public String toString() {
            return "(" + x + ", " + y + ", " + z + ")";
        }
    }
}
