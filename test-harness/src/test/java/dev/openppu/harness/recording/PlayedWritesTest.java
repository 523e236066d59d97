package dev.openppu.harness.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.record.Checksum;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.harness.recording.PlayedWrites.Outcome;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a recorded device's writes has to be in host memory when the recorded host has waited. What the device here has written is put there as if the host had. */
class PlayedWritesTest {
    private static final long IOVA = 0x100000000L;

    @TempDir
    Path folder;

    private DeviceLink link;
    private RecordingReader reader;
    private PlayedMemory memory;
    private PlayedWrites writes;
    private long number;

    @BeforeEach
    void open() {
        link = Links.open("model:zw810e?clock=sim&seed=1&record=" + folder.resolve("empty.rec"));
        link.close();
        link = Links.open("model:zw810e?clock=sim&seed=1");
        reader = new RecordingReader(folder.resolve("empty.rec"));
        memory = new PlayedMemory(link.dma());
        memory.map(new RecordedEvent(0, 0, 0, Kind.ALLOCATE, DmaAccess.BOTH.ordinal(), IOVA, 4096, 4096, new byte[0]));
        writes = new PlayedWrites(new EventStream(reader), memory, link.runtime());
    }

    @AfterEach
    void close() {
        memory.close();
        reader.close();
        link.close();
    }

    private RecordedEvent event(Kind kind, long offset, byte... content) {
        long checksum = Checksum.of(MemorySegment.ofArray(content));
        return new RecordedEvent(number++, 0, 0, kind, 0, IOVA + offset, content.length, checksum, content);
    }

    private static byte[] word(long value) {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    }

    private void recorded(long offset, byte... content) {
        RecordedEvent write = event(Kind.DMA_WRITE, offset, content);
        memory.deviceWrote(write);
        writes.wrote(write);
    }

    private List<RecordedEvent> here(long offset, byte... content) {
        return memory.hostWrote(event(Kind.HOST_WRITE, offset, content));
    }

    private List<Outcome> outcomes() {
        return writes.come().stream().map(PlayedWrites.Compared::outcome).toList();
    }

    @Test
    void aValueHasToCome() {
        here(0, word(7));
        recorded(0, word(7));
        recorded(8, word(5));
        assertThat(outcomes()).containsExactly(Outcome.CAME, Outcome.DIFFERENT);
    }

    @Test
    void ofSeveralWritesToAPlaceTheLastCounts() {
        here(0, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
        recorded(1, (byte) 0x3e);
        recorded(0, (byte) 1, (byte) 2);
        recorded(2, (byte) 8, (byte) 4);
        recorded(2, (byte) 3);
        assertThat(outcomes()).containsOnly(Outcome.CAME).hasSize(3);
    }

    @Test
    void ofAWriteThatIsWrittenOverInItsMiddleBothEndsCount() {
        here(0, (byte) 9, (byte) 2, (byte) 8);
        recorded(0, (byte) 1, (byte) 1, (byte) 1);
        recorded(1, (byte) 2);
        assertThat(outcomes()).containsExactly(Outcome.DIFFERENT, Outcome.CAME, Outcome.DIFFERENT);
    }

    @Test
    void aCopyOfWhatItHasJustWrittenMayReadTheOldBytes() {
        byte[] line = new byte[64];
        Arrays.fill(line, (byte) 5);
        recorded(0, line);
        writes.read(event(Kind.DMA_READ, 63, (byte) 5));
        recorded(64, (byte) 5);
        assertThat(writes.come()).last().satisfies(last -> assertThat(last.reason()).contains("old bytes or new ones"));
    }

    @Test
    void whatIsGivenBackIsNotCompared() {
        recorded(0, word(5));
        writes.forget(IOVA, 4096);
        assertThat(writes.come()).isEmpty();
    }

    @Test
    void whatTheHostWritesLeavesTheWordsBesideIt() {
        here(0, word(4)); // the device here is further on …
        memory.deviceWrote(event(Kind.DMA_WRITE, 0, word(6))); // … than the recorded one was
        byte[] line = new byte[64];
        System.arraycopy(word(6), 0, line, 0, Long.BYTES);
        System.arraycopy(word(9), 0, line, Long.BYTES, Long.BYTES);
        assertThat(here(0, line)).singleElement().satisfies(word -> assertThat(word.place()).isEqualTo(IOVA + 8));
        assertThat(memory.has(event(Kind.DMA_WRITE, 0, word(4)))).isTrue();
        assertThat(memory.has(event(Kind.DMA_WRITE, 8, word(9)))).isTrue();
    }
}
