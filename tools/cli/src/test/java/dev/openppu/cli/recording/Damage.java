package dev.openppu.cli.recording;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What can befall a recording on its way, by the layout in docs/recording.md. */
enum Damage {
    SWAPPED("is damaged where block 0 should begin") {
        @Override
        byte[] of(Parts whole) {
            List<byte[]> blocks = whole.blocks();
            Collections.swap(blocks, 0, 1);
            return whole.with(blocks);
        }
    },
    MISSING("is damaged where block 0 should begin") {
        @Override
        byte[] of(Parts whole) {
            return whole.with(whole.blocks().subList(1, whole.blocks().size()));
        }
    },
    DOUBLED("is damaged where block 1 should begin") {
        @Override
        byte[] of(Parts whole) {
            List<byte[]> blocks = whole.blocks();
            blocks.add(1, blocks.getFirst());
            return whole.with(blocks);
        }
    },
    FLIPPED("its checksum is wrong") {
        @Override
        byte[] of(Parts whole) {
            byte[] bytes = whole.bytes().clone();
            bytes[bytes.length / 2] ^= 4;
            return bytes;
        }
    },
    HALVED("is cut within block") {
        @Override
        byte[] of(Parts whole) {
            return Arrays.copyOf(whole.bytes(), whole.bytes().length / 2);
        }
    },
    LAST_BYTE_GONE("is cut within block") {
        @Override
        byte[] of(Parts whole) {
            return Arrays.copyOf(whole.bytes(), whole.bytes().length - 1);
        }
    },
    FOLLOWED("is followed by 5 bytes that are no part of it") {
        @Override
        byte[] of(Parts whole) {
            return Arrays.copyOf(whole.bytes(), whole.bytes().length + 5);
        }
    },
    /** All blocks are there but the empty last one, and the head says that it is being written. */
    WRITER_DIED("ends early") {
        @Override
        byte[] of(Parts whole) {
            List<byte[]> blocks = whole.blocks();
            byte[] bytes = whole.with(blocks.subList(0, blocks.size() - 1));
            bytes[STATE] = 0;
            return bytes;
        }
    };

    private static final int STATE = 10;
    private static final int HEAD = 20;
    private static final int BLOCK_HEAD = 28;

    private final String ending;

    Damage(String ending) {
        this.ending = ending;
    }

    /** What is said of it. */
    String ending() {
        return ending;
    }

    abstract byte[] of(Parts whole);

    /**
     * A recording taken apart.
     *
     * @param blocksAt where the blocks begin
     */
    record Parts(byte[] bytes, int blocksAt) {
        static Parts of(byte[] bytes) {
            return new Parts(bytes, HEAD + little(bytes).getInt(12));
        }

        private static ByteBuffer little(byte[] bytes) {
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        List<byte[]> blocks() {
            List<byte[]> blocks = new ArrayList<>();
            for (int at = blocksAt, size; at < bytes.length; at += size) {
                size = BLOCK_HEAD + little(bytes).getInt(at + 8);
                blocks.add(Arrays.copyOfRange(bytes, at, at + size));
            }
            return blocks;
        }

        byte[] with(List<byte[]> blocks) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, blocksAt);
            blocks.forEach(out::writeBytes);
            return out.toByteArray();
        }
    }
}
