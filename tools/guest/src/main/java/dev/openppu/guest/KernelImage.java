package dev.openppu.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A kernel as it is packed for boot loaders (Documentation/arch/x86/boot.rst): the setup header tells where the compressed kernel is. Uncompressed and entered directly it boots in
 * half the time where a processor is emulated.
 */
final class KernelImage {
    private static final int SETUP_SECTORS = 0x1F1;
    private static final int HEADER_MAGIC_OFFSET = 0x202;
    private static final int HEADER_MAGIC = 0x5372_6448; // HdrS
    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_LENGTH = 0x24C;
    private static final int SECTOR_BYTES = 512;
    /** The length of what is compressed stands behind it. */
    private static final int LENGTH_BYTES = 4;
    private static final int ZSTD_MAGIC = 0xFD2F_B528;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private KernelImage() {}

    /** Writes the uncompressed kernel. */
    static void unpack(Path image, Path kernel, HostPrograms programs) throws IOException, GuestUnavailableException {
        Path compressed = kernel.resolveSibling(kernel.getFileName() + ".zst");
        Files.write(compressed, payload(Files.readAllBytes(image)));
        List<String> words = programs.program("zstd");
        words.addAll(List.of("-q", "-d", "-f", compressed.toString(), "-o", kernel.toString()));
        new Command(words, Path.of(""), LONGEST).succeed();
        Files.delete(compressed);
    }

    static byte[] payload(byte[] image) throws GuestUnavailableException {
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (image.length < PAYLOAD_LENGTH + LENGTH_BYTES || bytes.getInt(HEADER_MAGIC_OFFSET) != HEADER_MAGIC) {
            throw new GuestUnavailableException("the kernel has no setup header");
        }
        long begin = (Byte.toUnsignedLong(image[SETUP_SECTORS]) + 1) * SECTOR_BYTES + Integer.toUnsignedLong(bytes.getInt(PAYLOAD_OFFSET));
        long end = begin + Integer.toUnsignedLong(bytes.getInt(PAYLOAD_LENGTH)) - LENGTH_BYTES;
        if (end > image.length || begin >= end || bytes.getInt((int) begin) != ZSTD_MAGIC) {
            throw new GuestUnavailableException("the kernel is not compressed by zstd");
        }
        return Arrays.copyOfRange(image, (int) begin, (int) end);
    }
}
