package dev.openppu.cli.run;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.image.Picture;
import dev.openppu.cli.image.PictureFile;
import dev.openppu.cli.image.PixelLayout;
import dev.openppu.cli.npy.ElementType;
import dev.openppu.cli.npy.NpyArray;
import dev.openppu.cli.npy.NpyFile;
import dev.openppu.driver.tix.LaunchArgument.Element;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/** Arrays and pictures in files. */
final class ArrayFiles {
    private ArrayFiles() {}

    /** A NumPy array of the element type that a kernel wants. */
    static HostArray readArray(Path file, Element wanted, Arena arena) throws IOException {
        ElementType type = numpyType(wanted, file);
        NpyArray array = NpyFile.read(file, arena);
        if (array.type() != type) {
            throw new BadInputException(
                    file + " holds " + array.describe() + "; the kernel wants " + type.shortName() + " here: convert with a.astype('"
                            + type.descriptor() + "')");
        }
        return new HostArray(wanted, array.shape(), array.data());
    }

    /** A picture in the layout that a kernel wants. */
    static HostArray readPicture(Path file, Element wanted, Arena arena) throws IOException {
        PixelLayout layout = layout(wanted);
        Picture picture = PictureFile.read(file);
        MemorySegment pixels = arena.allocate(picture.byteSize(layout), Long.BYTES);
        picture.copyTo(layout, pixels);
        return new HostArray(wanted, List.of((long) picture.height(), (long) picture.width()), pixels);
    }

    static void writeArray(HostArray array, Path file, OutputStream out) throws IOException {
        NpyFile.write(new NpyArray(numpyType(array.element(), file), array.shape(), array.data()), out);
    }

    /** @param format as {@link PictureFile#formatOf} gave it */
    static void writePicture(HostArray array, String format, OutputStream out) throws IOException {
        int height = Math.toIntExact(array.shape().get(0));
        int width = Math.toIntExact(array.shape().get(1));
        PictureFile.write(Picture.of(layout(array.element()), width, height, array.data()), format, out);
    }

    private static ElementType numpyType(Element element, Path file) {
        return switch (element) {
            case F4 -> ElementType.F4;
            case F8 -> ElementType.F8;
            case I4 -> ElementType.I4;
            case GRAY8 -> throw new BadInputException(
                    file + ": gray8 is no element type of arrays here; declare a picture (image gray8[height,width])");
        };
    }

    private static PixelLayout layout(Element element) {
        return switch (element) {
            case GRAY8 -> PixelLayout.GRAY8;
            case F4 -> PixelLayout.GRAYF32;
            case I4 -> PixelLayout.RGBA8;
            case F8 -> throw new BadInputException(
                    "a picture cannot have elements of type f8; gray8, f4 (gray) and i4 (red, green, blue, alpha) are known");
        };
    }
}
