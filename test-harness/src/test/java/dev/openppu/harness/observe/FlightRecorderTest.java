package dev.openppu.harness.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.Stream;
import dev.openppu.driver.event.CompletionEvent;
import dev.openppu.driver.event.CopyEvent;
import dev.openppu.driver.event.SubmissionEvent;
import dev.openppu.driver.tix.TixException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the driver did can be read from a flight recording, with the names that the error messages use. */
class FlightRecorderTest {
    private static final String URI = "model:zw810e?clock=sim&seed=11";
    private static final String DEVICE = URI + " at 0000:01:00.0";

    private static final String POKE = """
            .entry poke(.param .u64 address, .param .u32 value)
            {
                .reg .u32 x;
                .reg .u64 to;
                ppu.ld.param.u64    to, [address];
                ppu.ld.param.u32    x, [value];
                ppu.st.global.u32   [to], x;
                ppu.exit;
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void aJobShowsItsSubmissionsItsWaitAndItsCopies() throws IOException {
        List<RecordedEvent> events = record(FlightRecorderTest::work, "dev.openppu.Submission", "dev.openppu.Completion",
                "dev.openppu.Copy");
        RecordedEvent copy = one(events, "dev.openppu.Copy");
        assertThat(copy.getString("kind")).isEqualTo("HtoD");
        assertThat(copy.getLong("bytes")).isEqualTo(100_000);
        assertThat(copy.getString("device")).isEqualTo(DEVICE);
        List<RecordedEvent> submissions = all(events, "dev.openppu.Submission");
        assertThat(submissions).extracting(e -> e.getLong("packet")).isSorted();
        assertThat(submissions).allSatisfy(e -> assertThat(e.getInt("packets")).isPositive());
        long packets = submissions.stream().mapToInt(e -> e.getInt("packets")).sum();
        List<RecordedEvent> waits = all(events, "dev.openppu.Completion");
        assertThat(waits.getFirst().getLong("completed")).isEqualTo(waits.getFirst().getLong("target")).isEqualTo(packets - 1);
        assertThat(waits.getLast().getLong("target")).isEqualTo(packets);
        assertThat(waits.getLast().getLong("completed")).as("the kernel failed").isEqualTo(-1);
    }

    @Test
    void aFaultShowsItsXidContextQueueAndAddress() throws IOException {
        RecordedEvent fault = one(record(FlightRecorderTest::work, "dev.openppu.Fault"), "dev.openppu.Fault");
        assertThat(fault.getInt("xid")).isEqualTo(1155);
        assertThat(fault.getString("name")).contains("invalid_page");
        assertThat(fault.getString("device")).isEqualTo(DEVICE);
        assertThat(fault.getInt("context")).isNotNegative();
        assertThat(fault.getInt("queue")).isNotNegative();
        assertThat(fault.getLong("address")).isNotZero();
    }

    @Test
    void aResetShowsItsRungAndHowItEnded() throws IOException {
        RecordedEvent reset = one(record(() -> {
            try (Ppu ppu = Ppu.open(URI)) {
                assertThat(ppu.reset(ResetLevel.FUNCTION).recovered()).isTrue();
            }
        }, "dev.openppu.Reset"), "dev.openppu.Reset");
        assertThat(reset.getString("rung")).isEqualTo(ResetLevel.FUNCTION.title());
        assertThat(reset.getBoolean("succeeded")).isTrue();
        assertThat(reset.getString("device")).isEqualTo(DEVICE);
        assertThat(reset.getString("why")).isNotEmpty();
    }

    @Test
    void nothingIsWantedWhileNothingRecords() {
        assertThat(SubmissionEvent.wanted()).isFalse();
        assertThat(CompletionEvent.wanted()).isFalse();
        assertThat(CopyEvent.wanted()).isFalse();
    }

    private List<RecordedEvent> record(Runnable work, String... names) throws IOException {
        Path file = directory.resolve("driver.jfr");
        try (Recording recording = new Recording()) {
            for (String name : names) {
                recording.enable(name).withoutThreshold();
            }
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        assertThat(Files.size(file)).isPositive();
        return RecordingFile.readAllEvents(file);
    }

    /** A copy, a fill, and a kernel that stores to memory that was freed. */
    private static void work() {
        try (Ppu ppu = Ppu.open(URI); Context context = ppu.createContext(); Stream stream = context.createStream()) {
            DeviceBuffer buffer = context.allocate(100_000);
            stream.copyToDevice(buffer, 0, MemorySegment.ofArray(new byte[100_000]));
            stream.fill32(buffer, 0, 1, 1000);
            stream.synchronize();
            long gone = buffer.address();
            buffer.close();
            stream.launch(context.loadModule("poke.tix", POKE).kernel("poke"), Launch.linear(1, 1), gone, 1);
            assertThatThrownBy(stream::synchronize).isInstanceOf(ContextLostException.class);
        } catch (TixException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<RecordedEvent> all(List<RecordedEvent> events, String name) {
        return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
    }

    private static RecordedEvent one(List<RecordedEvent> events, String name) {
        List<RecordedEvent> found = all(events, name);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
