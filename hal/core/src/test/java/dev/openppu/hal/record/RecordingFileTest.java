package dev.openppu.hal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.LinkIdentity;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read; what is cut or damaged is read up to its last whole block, with one message. */
class RecordingFileTest {
    private static final int RECORDS = 5000;
    private static final RecordingInfo INFO = new RecordingInfo(new LinkIdentity("model:x", "0000:01:00.0", "a device", true),
            List.of("run", "a b.tix"), true, true, true, 77, 4096, 16, 4096, List.of(), Set.of(), List.of());

    private final Queue<RecordingException> broken = new ConcurrentLinkedQueue<>();

    @TempDir
    Path folder;

    private Path written() {
        Path file = folder.resolve("a.rec");
        try (RecordingWriter writer = new RecordingWriter(file, broken::add)) {
            writer.begin(INFO);
            for (int i = 0; i < RECORDS; i++) {
                writer.append(Kind.WRITE, i % 3, 77 + 10L * i, 2, 0x1000L + i, 4, -i, null);
                writer.append(Kind.DMA_WRITE, 0, 77 + 10L * i - 3, 0, Long.MAX_VALUE - i, 100, i, MemorySegment.ofArray(new byte[100]));
            }
        }
        return file;
    }

    private static List<RecordedEvent> read(Path file, String ending) {
        List<RecordedEvent> events = new ArrayList<>();
        try (RecordingReader reader = new RecordingReader(file)) {
            for (RecordedEvent event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
            assertThat(reader.ending()).contains(ending);
            assertThat(reader.ending().isEmpty()).isEqualTo(ending.isEmpty());
            assertThat(reader.info()).isEqualTo(INFO);
        }
        return events;
    }

    @Test
    void whatIsWrittenIsRead() {
        List<RecordedEvent> events = read(written(), "");
        assertThat(events).hasSize(2 * RECORDS);
        assertThat(events.get(2 * 4999))
                .isEqualTo(new RecordedEvent(9998, 77 + 49_990, 1, Kind.WRITE, 2, 0x1000 + 4999, 4, -4999, new byte[0]));
        assertThat(events.getLast().content()).hasSize(100);
    }

    @Test
    void aCutFileIsReadUpToItsLastWholeBlock() throws IOException {
        byte[] bytes = Files.readAllBytes(written());
        Path cut = folder.resolve("cut.rec");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(read(cut, "cut within block").size()).isBetween(1000, 2 * RECORDS - 1);
    }

    @Test
    void aDamagedBlockEndsIt() throws IOException {
        byte[] bytes = Files.readAllBytes(written());
        bytes[bytes.length / 2] ^= 1;
        Path damaged = folder.resolve("damaged.rec");
        Files.write(damaged, bytes);
        assertThat(read(damaged, "checksum is wrong").size()).isLessThan(2 * RECORDS);
    }

    @Test
    void whatStandsBehindItsEndIsSaid() throws IOException {
        Path file = written();
        Files.write(file, new byte[13], StandardOpenOption.APPEND);
        assertThat(read(file, "followed by 13 bytes")).hasSize(2 * RECORDS);
    }

    @Test
    void aFileThatIsNotThereIsSaidSo() {
        assertThatThrownBy(() -> new RecordingReader(folder.resolve("none")).close()).isInstanceOf(RecordingException.class)
                .hasMessageEndingWith("none: there is no such file");
    }

    @Test
    void anyByteMayBeWrong() throws IOException {
        byte[] bytes = Arrays.copyOf(Files.readAllBytes(written()), 200);
        Path damaged = folder.resolve("damaged.rec");
        Random random = new Random(1);
        for (int at = 0; at < bytes.length; at++) {
            byte[] other = bytes.clone();
            other[at] = (byte) random.nextInt();
            Files.write(damaged, other);
            try (RecordingReader reader = new RecordingReader(damaged)) {
                while (reader.next() != null) {
                    // any records
                }
            } catch (RecordingException e) {
                assertThat(e).hasMessageContaining("damaged.rec");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {3, 0x40, -1})
    void aStateThatThereIsNotIsDamage(byte state) throws IOException {
        byte[] bytes = Files.readAllBytes(written());
        bytes[10] = state;
        Path damaged = folder.resolve("damaged.rec");
        Files.write(damaged, bytes);
        assertThatThrownBy(() -> new RecordingReader(damaged).close()).isInstanceOf(RecordingException.class)
                .hasMessageEndingWith("damaged.rec: its head is damaged: there is no state " + Byte.toUnsignedInt(state));
    }

    @Test
    void aFullDiskEndsTheRecordingAndNothingElse() {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isWritable(full));
        try (RecordingWriter writer = new RecordingWriter(full, broken::add)) {
            writer.begin(INFO);
            for (int i = 0; i < 100_000; i++) {
                writer.append(Kind.WRITE, 0, i, 0, i, 4, i, null);
            }
        }
        assertThat(broken).singleElement().extracting(Throwable::getMessage).asString().startsWith("/dev/full: the recording ends");
    }

    @Test
    void whatIsNoRecordingIsSaidSo() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "hello");
        assertThatThrownBy(() -> new RecordingReader(text).close()).isInstanceOf(RecordingException.class).hasMessageContaining(
                "no recording");
    }
}
