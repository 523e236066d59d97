package dev.openppu.hal.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Writes a recording's blocks on a thread of its own. There is a fixed number of them; whoever fills them faster than the disk takes them waits. After a write error the file is as
 * it is, blocks are thrown away, and nobody waits for it any more.
 */
final class BlockFile implements AutoCloseable {
    private static final int BLOCKS = 64;
    private static final int BLOCK_BYTES = RecordingFormat.BLOCK_HEAD_BYTES + RecordingFormat.MOST_BLOCK_BYTES;

    private final Path path;
    private final FileChannel file;
    private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(BLOCKS);
    private final BlockingQueue<ByteBuffer> full = new ArrayBlockingQueue<>(BLOCKS + 1);
    private final Thread thread;
    private int written;
    private final Consumer<RecordingException> told;
    private volatile boolean failed;

    /**
     * @param told hears once, on any thread, that the file ends before what happens does
     * @throws RecordingException if the file cannot be written
     */
    BlockFile(Path path, Consumer<RecordingException> told) {
        this.path = path;
        this.told = told;
        try {
            this.file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new RecordingException("cannot record to %s: %s".formatted(path, FileProblem.words(e, "there is no such folder")), e);
        }
        for (int i = 0; i < BLOCKS; i++) {
            free.add(ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN));
        }
        this.thread = Thread.ofPlatform().daemon().name("recording " + path.getFileName()).unstarted(this::write);
    }

    /** Writes the file's head and begins to take blocks. */
    void begin(RecordingInfo info) {
        byte[] description = info.encode();
        CRC32C crc = new CRC32C();
        crc.update(description);
        ByteBuffer head = ByteBuffer.allocate(RecordingFormat.HEAD_BYTES + description.length).order(ByteOrder.LITTLE_ENDIAN);
        head.put(RecordingFormat.MAGIC).putShort((short) RecordingFormat.VERSION).put(RecordingFormat.WRITING).put((byte) 0);
        head.putInt(description.length).putInt((int) crc.getValue()).put(description).flip();
        try {
            writeAll(head);
        } catch (IOException e) {
            fail(e);
        }
        thread.start();
    }

    /** An empty one, its position behind the place of its head. */
    ByteBuffer take() {
        return take(free).clear().position(RecordingFormat.BLOCK_HEAD_BYTES);
    }

    /** @param block as {@link #take} gave it, with records; none of them ends the file */
    void put(ByteBuffer block, int records, long base) {
        int bytes = block.position() - RecordingFormat.BLOCK_HEAD_BYTES;
        block.flip().putInt(0, bytes == 0 ? RecordingFormat.END_MAGIC : RecordingFormat.BLOCK_MAGIC).putInt(8, bytes).putInt(12, records)
                .putLong(16, base);
        full.add(block);
    }

    /** An interrupt of the thread stays pending: it is not meant for us. */
    private static ByteBuffer take(BlockingQueue<ByteBuffer> queue) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return queue.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write() {
        boolean last = false;
        while (!last) {
            ByteBuffer block = take(full);
            last = block.limit() == RecordingFormat.BLOCK_HEAD_BYTES;
            if (!failed) {
                try {
                    writeAll(sealed(block));
                } catch (IOException e) {
                    fail(e);
                }
            }
            free.add(block);
        }
    }

    private ByteBuffer sealed(ByteBuffer block) {
        block.putInt(4, written++);
        CRC32C crc = new CRC32C();
        crc.update(block.duplicate().limit(RecordingFormat.BLOCK_CRC_OFFSET));
        crc.update(block.duplicate().position(RecordingFormat.BLOCK_HEAD_BYTES));
        return block.putInt(RecordingFormat.BLOCK_CRC_OFFSET, (int) crc.getValue());
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    private void fail(IOException e) {
        if (!failed) {
            failed = true;
            told.accept(new RecordingException("%s: the recording ends before what happened, the device has gone on: %s".formatted(path,
                    FileProblem.words(e, "the file is gone")), e));
        }
    }

    /** Whether nothing is written any more. */
    boolean failed() {
        return failed;
    }

    /** After the last block was put: says in the head how it ended. */
    @Override
    public void close() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try (file) {
            file.write(ByteBuffer.wrap(new byte[]{failed ? RecordingFormat.TRUNCATED : RecordingFormat.COMPLETE}),
                    RecordingFormat.STATE_OFFSET);
        } catch (IOException e) {
            fail(e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
