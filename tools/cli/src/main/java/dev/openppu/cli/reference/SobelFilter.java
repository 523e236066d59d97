package dev.openppu.cli.reference;

/** Sobel's two 3 x 3 filters on a gray picture. */
final class SobelFilter {
    private static final int[][] SMOOTH_DOWN = {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}};
    private static final int WHITE = 255;

    private SobelFilter() {}

    static Comparison verify(Operand picture, Operand edges) {
        if (picture.shape().size() != 2) {
            throw new IllegalArgumentException("sobel: a picture has two dimensions, not " + picture.shape());
        }
        Reference.requireLength(Reference.SOBEL, edges, picture.length());
        int height = Math.toIntExact(picture.shape().get(0));
        int width = Math.toIntExact(picture.shape().get(1));
        Comparison.Collector collector = new Comparison.Collector("exact: gray bytes");
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                collector.compare(edge(picture, width, height, x, y), edges.get((long) y * width + x), 0);
            }
        }
        return collector.result();
    }

    private static double edge(Operand picture, int width, int height, int x, int y) {
        long gx = 0;
        long gy = 0;
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                long nearest = (long) Math.clamp(y + dy, 0, height - 1) * width + Math.clamp(x + dx, 0, width - 1);
                long pixel = (long) picture.get(nearest);
                gx += SMOOTH_DOWN[dy + 1][dx + 1] * pixel;
                gy += SMOOTH_DOWN[dx + 1][dy + 1] * pixel;
            }
        }
        return Math.min(Math.rint(Math.sqrt((double) (gx * gx + gy * gy))), WHITE);
    }
}
