package dev.openppu.cli.npy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes NumPy files. No file, however damaged, makes it allocate more than the file's own size. */
public final class NpyFile {
    private static final int CHUNK = 1 << 20;

    private NpyFile() {}

    /**
     * Reads an array.
     *
     * @param arena gives the array its memory
     * @throws NpyException if the file holds no array that can be used here; the message begins with the path
     * @throws IOException  if the file cannot be read
     */
    public static NpyArray read(Path path, Arena arena) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            return read(channel, arena);
        } catch (NpyException e) {
            throw new NpyException(path + ": " + e.getMessage());
        }
    }

    private static NpyArray read(SeekableByteChannel channel, Arena arena) throws IOException {
        // Not closed: the channel is the caller's.
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
        NpyHeader header = NpyHeader.read(in);
        long bytes = NpyArray.byteSize(header.type(), header.shape());
        long there = channel.size() - header.bytes();
        if (there != bytes) {
            String promise = "its header promises " + NpyArray.describe(header.type(), header.shape()) + ", " + bytes + " bytes; ";
            throw new NpyException(promise + (there < bytes
                    ? "only " + Math.max(0, there) + " are there: the file is cut short"
                    : there - bytes + " more follow: the file is damaged, or holds several arrays"));
        }
        MemorySegment data = arena.allocate(Math.max(1, bytes), 64).asSlice(0, bytes);
        channel.position(header.bytes());
        fill(channel, data);
        return new NpyArray(header.type(), header.shape(), data);
    }

    private static void fill(SeekableByteChannel channel, MemorySegment data) throws IOException {
        for (long at = 0; at < data.byteSize();) {
            ByteBuffer window = data.asSlice(at, Math.min(CHUNK, data.byteSize() - at)).asByteBuffer();
            int read = channel.read(window);
            if (read < 0) {
                throw new NpyException("the file became shorter while it was read");
            }
            at += read;
        }
    }

    /** Writes an array as version 1.0, byte for byte what {@code numpy.save} writes. Leaves {@code out} open. */
    public static void write(NpyArray array, OutputStream out) throws IOException {
        NpyHeader.write(array.type(), array.shape(), out);
        WritableByteChannel channel = Channels.newChannel(out);
        for (long at = 0; at < array.data().byteSize(); at += CHUNK) {
            ByteBuffer window = array.data().asSlice(at, Math.min(CHUNK, array.data().byteSize() - at)).asByteBuffer();
            while (window.hasRemaining()) {
                channel.write(window);
            }
        }
    }
}
