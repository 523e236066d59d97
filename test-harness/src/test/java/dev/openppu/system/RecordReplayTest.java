package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Links;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.hal.replay.Difference;
import dev.openppu.hal.replay.ReplayDifferenceException;
import dev.openppu.hal.replay.ReplayWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** A life of the driver on the model, recorded, and the recording in place of the model. */
class RecordReplayTest {
    private static final String MODEL = "model:zw810e?clock=sim&seed=7";

    @TempDir
    Path folder;

    private Path record(String name, int value) {
        Path file = folder.resolve(name);
        work(MODEL + "&record=" + file, value);
        return file;
    }

    private static void work(String uri, int value) {
        try (Ppu ppu = Ppu.open(uri, PpuOptions.builder().noDumps().build())) {
            RecordedWork.run(ppu, value);
        }
    }

    /** One after the other, each by a thread of its own. */
    private static void readByTwoThreads(String uri, long first, long second) {
        try (DeviceLink link = Links.open(uri)) {
            link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
            Mmio registers = link.bar(PpuIds.BAR_REGISTERS);
            for (long offset : new long[]{first, second}) {
                AtomicReference<RuntimeException> failure = new AtomicReference<>();
                LinkRuntime.Worker reader = link.runtime().start("reader", () -> {
                    try {
                        registers.read32(offset);
                    } catch (ReplayDifferenceException e) {
                        failure.set(e);
                    }
                });
                reader.join(LinkRuntime.NEVER);
                if (failure.get() != null) {
                    throw failure.get();
                }
            }
        }
    }

    private static List<Difference> replay(Path file, int value) {
        return differences(() -> work("replay:" + file, value));
    }

    /** What differs when it is replayed; what ends the replay without a difference is thrown. */
    static List<Difference> differences(Runnable replay) {
        List<Difference> differences = new ArrayList<>();
        ReplayWatch watch = new ReplayWatch() {
            @Override
            public void differs(Difference difference) {
                differences.add(difference);
            }

            @Override
            public void ended(long records, String ending) {
                assertThat(ending).isEmpty();
            }
        };
        ScopedValue.where(ReplayWatch.CURRENT, watch).run(() -> {
            try {
                replay.run();
            } catch (RuntimeException e) {
                if (differences.isEmpty()) {
                    throw e;
                }
            }
        });
        return differences;
    }

    static List<RecordedEvent> events(Path file) {
        List<RecordedEvent> events = new ArrayList<>();
        try (RecordingReader reader = new RecordingReader(file)) {
            for (RecordedEvent event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
            assertThat(reader.ending()).isEmpty();
        }
        return events;
    }

    @Test
    void theSameDriverFindsNoDifferenceInItsRecording() {
        Path file = record("a.rec", 5);
        assertThat(replay(file, 5)).isEmpty();
    }

    /** Two threads that read a register each, again and again, under the simulated clock. */
    private static void takeTurns(String uri) {
        try (DeviceLink link = Links.open(uri)) {
            link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
            Mmio registers = link.bar(PpuIds.BAR_REGISTERS);
            Runnable reads = () -> {
                CRC32C computes = new CRC32C();
                for (int i = 0; i < 300; i++) {
                    registers.read32(IdRegs.MAGIC_OFFSET);
                    computes.update(new byte[1 << 20]); // meanwhile the other goes to sleep again
                }
            };
            List<LinkRuntime.Worker> workers = List.of(link.runtime().start("one", reads), link.runtime().start("other", reads));
            workers.forEach(worker -> worker.join(LinkRuntime.NEVER));
        }
    }

    /** The threads change hundreds of times, and the device does nothing in between that would wake who is next. */
    @Test
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void theTurnGoesFromThreadToThreadAtOnce() {
        Path file = folder.resolve("turns.rec");
        takeTurns(MODEL + "&record=" + file);
        List<Integer> turns = events(file).stream().filter(event -> event.kind() == Kind.READ).map(RecordedEvent::thread).toList();
        assertThat(IntStream.range(1, turns.size()).filter(i -> !turns.get(i).equals(turns.get(i - 1))).count()).isGreaterThan(100);
        takeTurns("replay:" + file);
    }

    @Test
    void theSameSeedIsTheSameRecording() throws IOException {
        assertThat(Files.mismatch(record("a.rec", 5), record("b.rec", 5))).isEqualTo(-1);
    }

    @Test
    void recordingChangesNothing() throws IOException {
        Path bare = folder.resolve("bare.txt");
        Path recorded = folder.resolve("recorded.txt");
        work(MODEL + "&trace=" + bare, 5);
        work(MODEL + "&trace=" + recorded + "&record=" + folder.resolve("a.rec"), 5);
        assertThat(Files.mismatch(bare, recorded)).isEqualTo(-1);
    }

    @Test
    void aDriverThatWritesAnotherValueIsFoundWhereItDoes() {
        Path file = record("a.rec", 5);
        List<Difference> differences = replay(file, 6);
        assertThat(differences).singleElement().satisfies(difference -> {
            assertThat(difference.recorded()).isNotNull();
            assertThat(difference.text()).contains("host");
        });
    }

    /** Two threads that read a register each, free running: in the replay each reads the other's. */
    @Test
    void aDifferenceThatMayBeOfOrderAloneSaysSo() {
        Path file = folder.resolve("order.rec");
        readByTwoThreads("model:zw810e?record=" + file, IdRegs.MAGIC_OFFSET, IdRegs.ABI_VERSION_OFFSET);
        assertThat(differences(() -> readByTwoThreads("replay:" + file, IdRegs.MAGIC_OFFSET, IdRegs.ABI_VERSION_OFFSET))).isEmpty();
        assertThat(differences(() -> readByTwoThreads("replay:" + file, IdRegs.ABI_VERSION_OFFSET, IdRegs.MAGIC_OFFSET))).singleElement()
                .satisfies(difference -> assertThat(difference.what()).contains("thread 2 makes this call", "order of the threads"));
        assertThat(differences(() -> readByTwoThreads("replay:" + file, IdRegs.COUNTS_OFFSET, IdRegs.MAGIC_OFFSET))).singleElement()
                .satisfies(difference -> assertThat(difference.what()).as("nobody has made this call").doesNotContain("order"));
    }

    @Test
    void aRecordingThatWasCutIsReplayedUpToThere() throws IOException {
        Path file = record("a.rec", 5);
        byte[] bytes = Files.readAllBytes(file);
        Path cut = folder.resolve("cut.rec");
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length * 2 / 3));
        assertThat(replay(cut, 5)).singleElement().satisfies(difference -> assertThat(difference.what()).contains("recording ends"));
    }

    @Test
    void aFileThatIsNoRecordingIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "no recording at all");
        assertThatThrownBy(() -> Links.open("replay:" + file)).hasMessageContaining("no recording");
    }
}
