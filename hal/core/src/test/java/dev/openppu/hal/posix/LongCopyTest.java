package dev.openppu.hal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongCopyTest {
    private static final int BYTES = 300_000;

    @Test
    void copiesWhatTheJdkCopiesFromAndToAnyMemory() {
        Random random = new Random(9);
        byte[] content = new byte[BYTES];
        random.nextBytes(content);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment[] sources = {MemorySegment.ofArray(content.clone()),
                arena.allocate(BYTES).copyFrom(MemorySegment.ofArray(content)),
                MemorySegment.ofArray(content.clone()).asReadOnly()};
            MemorySegment[] targets = {MemorySegment.ofArray(new byte[BYTES]), arena.allocate(BYTES)};
            for (int i = 0; i < 200; i++) {
                int bytes = random.nextInt(i % 2 == 0 ? 10_000 : BYTES);
                int from = random.nextInt(BYTES - bytes + 1);
                int to = random.nextInt(BYTES - bytes + 1);
                for (MemorySegment source : sources) {
                    for (MemorySegment target : targets) {
                        target.fill((byte) 0x5a);
                        LongCopy.copy(source, from, target, to, bytes);
                        MemorySegment expected = MemorySegment.ofArray(new byte[BYTES]).fill((byte) 0x5a);
                        MemorySegment.copy(source, from, expected, to, bytes);
                        assertThat(target.mismatch(expected)).isEqualTo(-1);
                    }
                }
            }
        }
    }

    @Test
    void refusesWhatTheJdkRefuses() {
        Arena closed = Arena.ofShared();
        MemorySegment gone = closed.allocate(BYTES);
        closed.close();
        MemorySegment there = MemorySegment.ofArray(new byte[BYTES]);
        assertThatThrownBy(() -> LongCopy.copy(gone, 0, there, 0, BYTES)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> LongCopy.copy(there, 0, gone, 0, BYTES)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> LongCopy.copy(there, 1, MemorySegment.ofArray(new byte[BYTES]), 0, BYTES))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> LongCopy.copy(there, 0, MemorySegment.ofArray(new byte[BYTES]).asReadOnly(), 0, BYTES))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void memoryOfAnotherThreadIsRefused() throws InterruptedException {
        try (Arena own = Arena.ofConfined()) {
            MemorySegment mine = own.allocate(BYTES);
            Throwable[] why = new Throwable[1];
            Thread other = Thread.ofPlatform().uncaughtExceptionHandler((_, e) -> why[0] = e)
                    .start(() -> LongCopy.copy(mine, 0, MemorySegment.ofArray(new byte[BYTES]), 0, BYTES));
            other.join();
            assertThat(why[0]).isInstanceOf(WrongThreadException.class);
        }
    }

    @Test
    void aFileThatSomebodyShortenedIsAnExceptionAndNotTheEndOfTheProcess(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("mapped");
        Files.write(file, new byte[BYTES]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Arena arena = Arena.ofShared()) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES, arena);
            channel.truncate(0);
            assertThatThrownBy(() -> LongCopy.copy(mapped, 0, MemorySegment.ofArray(new byte[BYTES]), 0, BYTES))
                    .isInstanceOf(InternalError.class);
        }
    }
}
