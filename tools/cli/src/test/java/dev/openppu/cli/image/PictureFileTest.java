package dev.openppu.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {
    @TempDir
    Path folder;

    @Test
    void takesGrayAsItIsStored() throws IOException {
        BufferedImage image = new BufferedImage(256, 2, BufferedImage.TYPE_BYTE_GRAY);
        byte[] expected = new byte[512];
        for (int i = 0; i < 512; i++) {
            image.getRaster().setSample(i % 256, i / 256, 0, i % 256);
            expected[i] = (byte) i;
        }
        assertThat(pixels(picture(image), PixelLayout.GRAY8)).isEqualTo(expected);
    }

    @Test
    void keepsTheDepthOfSixteenBitSamples() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(0, 0, 0, 1);
        image.getRaster().setSample(1, 0, 0, 65535);
        float[] gray = MemorySegment.ofArray(pixels(picture(image), PixelLayout.GRAYF32)).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        assertThat(gray).containsExactly(1 / 65535f, 1f);
    }

    @Test
    void makesGrayOfColourByLuma() throws IOException {
        BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xFF0000);
        image.setRGB(1, 0, 0x00FF00);
        image.setRGB(2, 0, 0x0000FF);
        image.setRGB(3, 0, 0xFFFFFF);
        assertThat(pixels(picture(image), PixelLayout.GRAY8)).containsExactly(76, 150, 29, 255);
    }

    @Test
    void keepsColourAndAlphaApart() throws IOException {
        BufferedImage image = new BufferedImage(1, 2, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x80102030);
        image.setRGB(0, 1, 0x00FFFFFF);
        assertThat(pixels(picture(image), PixelLayout.RGBA8)).containsExactly(0x10, 0x20, 0x30, 0x80, 0xFF, 0xFF, 0xFF, 0x00);
        assertThat(pixels(picture(image), PixelLayout.GRAY8)[1]).as("alpha does not enter into gray").isEqualTo((byte) 0xFF);
    }

    @Test
    void readsPalettes() throws IOException {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_INDEXED);
        image.setRGB(0, 0, 0xFFFF0000);
        assertThat(pixels(picture(image), PixelLayout.RGBA8)).containsExactly(0xFF, 0, 0, 0xFF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRAY8", "RGBA8"})
    void writtenPixelsReadBackTheSame(String layoutName) throws IOException {
        PixelLayout layout = PixelLayout.valueOf(layoutName);
        byte[] pixels = new byte[13 * 7 * layout.bytes()];
        new Random(3).nextBytes(pixels);
        Path file = folder.resolve("out.png");
        try (OutputStream out = Files.newOutputStream(file)) {
            PictureFile.write(Picture.of(layout, 13, 7, MemorySegment.ofArray(pixels)), PictureFile.formatOf(file), out);
        }
        Picture back = PictureFile.read(file);
        assertThat(back.width()).isEqualTo(13);
        assertThat(back.height()).isEqualTo(7);
        assertThat(pixels(back, layout)).isEqualTo(pixels);
    }

    @Test
    void floatsAreClampedIntoTheRangeOfAPicture() {
        MemorySegment pixels = MemorySegment.ofArray(new float[]{-1, 0, 0.5f, 1, 7, Float.NaN});
        assertThat(pixels(Picture.of(PixelLayout.GRAYF32, 6, 1, pixels), PixelLayout.GRAY8)).containsExactly(0, 0, 128, 255, 255, 0);
    }

    @Test
    void refusesEveryPngThatIsCutShort() throws IOException {
        byte[] png = png(noise(9, 5));
        for (int length = 0; length < png.length; length++) {
            byte[] part = Arrays.copyOf(png, length);
            assertThatThrownBy(() -> read(part)).as("first %d of %d bytes", length, png.length).isInstanceOf(PictureException.class);
        }
        assertThatThrownBy(() -> read(Arrays.copyOf(png, png.length - 20))).hasMessageContaining("cut short").hasMessageContaining("IDAT");
    }

    @Test
    void refusesEveryFlippedBitOfAPng() throws IOException {
        byte[] png = png(noise(9, 5));
        for (int bit = 0; bit < png.length * 8; bit++) {
            byte[] damaged = png.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> read(damaged)).as("bit %d", bit).isInstanceOf(PictureException.class);
        }
    }

    @Test
    void noDamageBehindACorrectChecksumLeadsToAnythingButAPictureOrARefusal() throws IOException {
        byte[] png = png(noise(9, 5));
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            byte[] damaged = png.clone();
            damaged[8 + random.nextInt(png.length - 8)] = (byte) random.nextInt(256);
            repairChecksums(damaged);
            try {
                Picture picture = read(damaged);
                assertThat((long) picture.width() * picture.height()).isBetween(1L, PictureFile.MOST_PIXELS);
            } catch (PictureException e) {
                assertThat(e).hasMessageContaining("file.png: ");
            }
        }
    }

    @Test
    void refusesAPictureThatClaimsMorePixelsThanMemoryHolds() throws IOException {
        byte[] png = png(noise(1, 1));
        ByteBuffer.wrap(png).putInt(16, Integer.MAX_VALUE).putInt(20, Integer.MAX_VALUE);
        repairChecksums(png);
        assertThatThrownBy(() -> read(png)).isInstanceOf(PictureException.class).hasMessageContaining("2147483647 x 2147483647");
    }

    @Test
    void saysWhatIsNoPicture() {
        assertThatThrownBy(() -> read("hello, world".getBytes(StandardCharsets.UTF_8))).isInstanceOf(PictureException.class)
                .hasMessageContaining("known are")
                .hasMessageContaining("png");
        assertThatThrownBy(() -> read(new byte[0])).hasMessageContaining("empty file");
    }

    @Test
    void saysWhichFormatsCanBeWritten() {
        assertThatThrownBy(() -> PictureFile.formatOf(Path.of("edges.txt"))).hasMessageContaining("png");
        assertThat(PictureFile.formatOf(Path.of("x/EDGES.PNG"))).isEqualTo("png");
    }

    @Test
    void refusesAlphaInAFormatWithoutIt() {
        Picture picture = Picture.of(PixelLayout.RGBA8, 1, 1, MemorySegment.ofArray(new byte[4]));
        assertThatThrownBy(() -> PictureFile.write(picture, "jpg", new ByteArrayOutputStream())).isInstanceOf(PictureException.class)
                .hasMessageContaining("alpha");
    }

    private static void repairChecksums(byte[] png) {
        ByteBuffer buffer = ByteBuffer.wrap(png);
        int at = 8;
        while (at + 12 <= png.length) {
            int length = buffer.getInt(at);
            if (length < 0 || length > png.length - at - 12) {
                return;
            }
            CRC32 crc = new CRC32();
            crc.update(png, at + 4, length + 4);
            buffer.putInt(at + 8 + length, (int) crc.getValue());
            at += length + 12;
        }
    }

    private static BufferedImage noise(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, random.nextInt());
        }
        return image;
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private Picture picture(BufferedImage image) throws IOException {
        return read(png(image));
    }

    private Picture read(byte[] bytes) throws IOException {
        Path file = folder.resolve("file.png");
        Files.write(file, bytes);
        return PictureFile.read(file);
    }

    private static byte[] pixels(Picture picture, PixelLayout layout) {
        byte[] pixels = new byte[(int) picture.byteSize(layout)];
        picture.copyTo(layout, MemorySegment.ofArray(pixels));
        return pixels;
    }
}
