package dev.openppu.cli.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A picture of any depth, and its conversion to and from what kernels take. Samples are taken as they are stored (gamma-encoded): no colour management.
 * Gray of colour is Rec. 601 luma; alpha does not enter into gray.
 */
public final class Picture {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final BufferedImage image;
    private final Samples samples;

    Picture(BufferedImage image) {
        this.image = image;
        this.samples = Samples.of(image);
    }

    /**
     * Makes a picture of a kernel's output.
     *
     * @throws IllegalArgumentException if {@code pixels} is not exactly width * height pixels
     */
    public static Picture of(PixelLayout layout, int width, int height, MemorySegment pixels) {
        if (pixels.byteSize() != (long) width * height * layout.bytes()) {
            throw new IllegalArgumentException(
                    pixels.byteSize() + " bytes are no " + width + " x " + height + " pixels in " + layout.shortName());
        }
        int type = layout == PixelLayout.RGBA8 ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_BYTE_GRAY;
        BufferedImage image = new BufferedImage(width, height, type);
        int bands = layout == PixelLayout.RGBA8 ? 4 : 1;
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < row.length; i++) {
                row[i] = stored(layout, pixels, (long) y * row.length + i);
            }
            image.getRaster().setPixels(0, y, width, 1, row);
        }
        return new Picture(image);
    }

    private static int stored(PixelLayout layout, MemorySegment pixels, long index) {
        if (layout == PixelLayout.GRAYF32) {
            // Not a number becomes black, as in every cast.
            return (int) Math.clamp(pixels.getAtIndex(FLOAT, index) * 255.0 + 0.5, 0.0, 255.0);
        }
        return pixels.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
    }

    public int width() {
        return image.getWidth();
    }

    public int height() {
        return image.getHeight();
    }

    /** Bytes of this picture in {@code layout}. */
    public long byteSize(PixelLayout layout) {
        return (long) width() * height() * layout.bytes();
    }

    /** Writes all pixels to {@code target}, which is exactly {@link #byteSize} long. */
    public void copyTo(PixelLayout layout, MemorySegment target) {
        long index = 0;
        double[] rgba = new double[4];
        for (int y = 0; y < height(); y++) {
            samples.beginRow(y);
            for (int x = 0; x < width(); x++) {
                samples.get(x, rgba);
                store(layout, target, index++, rgba);
            }
        }
    }

    private static void store(PixelLayout layout, MemorySegment target, long index, double[] rgba) {
        switch (layout) {
            case GRAY8 -> target.set(ValueLayout.JAVA_BYTE, index, toByte(luma(rgba)));
            case GRAYF32 -> target.setAtIndex(FLOAT, index, (float) luma(rgba));
            case RGBA8 -> {
                for (int band = 0; band < 4; band++) {
                    target.set(ValueLayout.JAVA_BYTE, index * 4 + band, toByte(rgba[band]));
                }
            }
        }
    }

    private static double luma(double[] rgba) {
        return rgba[0] == rgba[1] && rgba[1] == rgba[2] ? rgba[0] : 0.299 * rgba[0] + 0.587 * rgba[1] + 0.114 * rgba[2];
    }

    private static byte toByte(double sample) {
        return (byte) (int) (sample * 255.0 + 0.5);
    }

    BufferedImage image() {
        return image;
    }

    /** Samples of one row at a time, each from 0 to 1. */
    private interface Samples {
        void beginRow(int y);

        void get(int x, double[] rgba);

        static Samples of(BufferedImage image) {
            ColorModel model = image.getColorModel();
            int space = model.getColorSpace().getType();
            boolean stored = !(model instanceof IndexColorModel) && (space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB);
            return stored ? new StoredSamples(image) : new ConvertedSamples(image);
        }
    }

    /** Straight from the raster: {@link BufferedImage#getRGB} would convert gray as if it were linear, and drop all but 8 bits. */
    private static final class StoredSamples implements Samples {
        private final Raster raster;
        private final int colours;
        private final int bands;
        private final double[] largest;
        private int[] row = {};

        StoredSamples(BufferedImage image) {
            raster = image.getRaster();
            colours = image.getColorModel().getNumColorComponents();
            bands = raster.getNumBands();
            largest = new double[bands];
            for (int band = 0; band < bands; band++) {
                largest[band] = (1L << raster.getSampleModel().getSampleSize(band)) - 1;
            }
        }

        @Override
        public void beginRow(int y) {
            row = raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row.length == 0 ? (int[]) null : row);
        }

        @Override
        public void get(int x, double[] rgba) {
            for (int band = 0; band < 3; band++) {
                rgba[band] = sample(x, colours == 1 ? 0 : band);
            }
            rgba[3] = bands > colours ? sample(x, colours) : 1;
        }

        private double sample(int x, int band) {
            return row[x * bands + band] / largest[band];
        }
    }

    /** Palettes and colour spaces other than gray and RGB. */
    private static final class ConvertedSamples implements Samples {
        private final BufferedImage image;
        private int y;

        ConvertedSamples(BufferedImage image) {
            this.image = image;
        }

        @Override
        public void beginRow(int y) {
            this.y = y;
        }

        @Override
        public void get(int x, double[] rgba) {
            int argb = image.getRGB(x, y);
            rgba[0] = (argb >> 16 & 0xFF) / 255.0;
            rgba[1] = (argb >> 8 & 0xFF) / 255.0;
            rgba[2] = (argb & 0xFF) / 255.0;
            rgba[3] = (argb >>> 24) / 255.0;
        }
    }
}
