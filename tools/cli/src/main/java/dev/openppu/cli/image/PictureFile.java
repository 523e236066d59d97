package dev.openppu.cli.image;

import dev.openppu.cli.BadInputException;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Reads and writes picture files: PNG, and what else this Java's ImageIO knows. */
public final class PictureFile {
    /** More pixels than this are refused before anything is decoded: a file of a few bytes may claim 2^62. */
    static final long MOST_PIXELS = 1L << 26;

    private static final int SIGNATURE_BYTES = 8;

    private PictureFile() {}

    /**
     * Reads a picture.
     *
     * @throws PictureException if the file is no picture, or a damaged one; the message begins with the path
     * @throws IOException      if the file cannot be read
     */
    public static Picture read(Path path) throws IOException {
        try {
            checkStructure(path);
            return decode(path);
        } catch (PictureException e) {
            throw new PictureException(path + ": " + e.getMessage());
        }
    }

    private static void checkStructure(Path path) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            byte[] head = in.readNBytes(SIGNATURE_BYTES);
            if (head.length == 0) {
                throw new PictureException("an empty file");
            }
            if (PngStructure.begins(head)) {
                PngStructure.check(in);
            }
        }
    }

    private static Picture decode(Path path) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(path.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new PictureException("no picture that is known here; known are " + formats(ImageIO.getReaderFormatNames()));
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return new Picture(decode(reader));
            } finally {
                reader.dispose();
            }
        }
    }

    // A decoder meets arbitrary bytes: whatever it throws says that they are no picture.
    private static BufferedImage decode(ImageReader reader) {
        try {
            long width = reader.getWidth(0);
            long height = reader.getHeight(0);
            if (width * height > MOST_PIXELS) {
                throw new PictureException(
                        "a picture of " + width + " x " + height + " pixels; at most " + MOST_PIXELS + " pixels are taken");
            }
            return reader.read(0);
        } catch (PictureException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new PictureException("a damaged picture: " + reason(e));
        }
    }

    private static String reason(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /**
     * The format that a file's name asks for.
     *
     * @throws BadInputException if this Java writes no such format
     */
    public static String formatOf(Path path) {
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String suffix = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        if (!ImageIO.getImageWritersBySuffix(suffix).hasNext()) {
            throw new BadInputException(path + ": which picture format? The name must end in one of "
                    + formats(ImageIO.getWriterFileSuffixes()));
        }
        return suffix;
    }

    /**
     * Writes a picture.
     *
     * @param format as {@link #formatOf} gave it
     * @throws PictureException if the format cannot hold such a picture
     */
    public static void write(Picture picture, String format, OutputStream out) throws IOException {
        ImageWriter writer = writer(picture, format);
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(picture.image());
        } finally {
            writer.dispose();
        }
    }

    private static ImageWriter writer(Picture picture, String format) {
        ImageTypeSpecifier type = ImageTypeSpecifier.createFromRenderedImage(picture.image());
        Iterator<ImageWriter> writers = ImageIO.getImageWriters(type, format);
        if (!writers.hasNext()) {
            throw new PictureException("a " + format + " file cannot hold this picture (has it alpha?); choose a name that ends in .png");
        }
        return writers.next();
    }

    private static String formats(String[] names) {
        return Arrays.stream(names).map(name -> name.toLowerCase(Locale.ROOT)).distinct().sorted().collect(Collectors.joining(", "));
    }
}
