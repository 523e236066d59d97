package dev.openppu.hal.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.library.LibraryLink;
import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingReader;
import dev.openppu.reference.ReferenceDevice;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The link to a library, by either binding, with the reference device in C behind it: registers and packets by their numbers, as hal knows no PPU. */
@Timeout(120)
@ParameterizedClass(name = "{0}:")
@ValueSource(strings = {"native", "native+jna"})
class LibraryLinkTest {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final long MAGIC = 0x00;
    private static final long TEST = 0x40;
    private static final long TEST64 = 0x48;
    private static final long STICKY = 0x250;
    private static final long FORCE = 0x310;
    private static final long QUEUE_CONTROL = 0x2000;
    private static final long QUEUE_STATUS = 0x2004;
    private static final long QUEUE_BASE = 0x2008;
    private static final int ENABLE = 1;
    private static final int INTERRUPT = 1 << 2;
    private static final int LOG2 = 4 << 8;
    private static final int VECTOR_1 = 1 << 16;
    private static final int ERROR = 4;
    private static final int COPY = 1 << 16;
    private static Path library;
    private final String scheme;

    LibraryLinkTest(String scheme) {
        this.scheme = scheme;
    }

    @BeforeAll
    static void extract() throws IOException {
        ReferenceDevice.library().absence().ifPresent(why -> assumeTrue(false, why));
        library = ReferenceDevice.library().extract();
    }

    @AfterAll
    static void delete() throws IOException {
        if (library != null) {
            Files.delete(library);
        }
    }

    private DeviceLink open(String options) {
        DeviceLink link = Links.open(scheme + ":" + library + options);
        link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE | Command.BUS_MASTER_ENABLE);
        return link;
    }

    @Test
    void itIsOneFunctionWithItsBars() {
        try (DeviceLink link = open("")) {
            assertThat(link.config().read32(0)).isEqualTo(0x60011ded);
            assertThat(link.bars()).extracting(DeviceLink.Bar::index).containsExactly(0, 2, 4);
            assertThat(link.bar(0).read32(MAGIC)).isEqualTo(0x5550504F);
            assertThat(link.identity().simulated()).isTrue();
            assertThat(link.interrupts().vectors()).isEqualTo(4);
            assertThat(link.resets()).containsExactlyInAnyOrder(ResetKind.values());
        }
    }

    @Test
    void registersKeepWhatIsWrittenAndRefuseWhatIsNoAccess() {
        try (DeviceLink link = open("")) {
            Mmio registers = link.bar(0);
            registers.write32(TEST, 0x12345678);
            registers.write64(TEST64, 0x8000_0000_0000_0001L);
            assertThat(registers.read32(TEST)).isEqualTo(0x12345678);
            assertThat(registers.read64(TEST64)).isEqualTo(0x8000_0000_0000_0001L);
            assertThatThrownBy(() -> registers.read32(TEST + 2)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> registers.read32(1 << 20)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> link.config().read32(4096)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> link.bar(1)).isInstanceOf(LinkException.class).hasMessageContaining("BAR1");
        }
    }

    @Test
    void aBarThatIsMemoryIsMapped() {
        try (DeviceLink link = open("")) {
            Mmio memory = link.bar(2);
            assertThat(memory).isInstanceOf(MappedMmio.class);
            memory.write64(4096, 42);
            assertThat(link.bar(2).read64(4096)).isEqualTo(42);
        }
    }

    /** A queue of the reference device with its ring in host memory. */
    private static final class Queue implements AutoCloseable {
        private static final long SIGNAL = 4096;
        private static final long DATA = 8192;
        private final DeviceLink link;
        private final Mmio registers;
        private final DmaMapping memory;
        private long index;

        Queue(DeviceLink link) {
            this.link = link;
            this.registers = link.bar(0);
            this.memory = link.dma().allocate(1 << 20, DmaAccess.BOTH);
            for (int slot = 0; slot < 16; slot++) {
                memory.memory().set(ValueLayout.JAVA_INT, slot * 64L, 1);
            }
            link.interrupts().enable(2);
            registers.write64(QUEUE_BASE, memory.iova());
            registers.write32(QUEUE_CONTROL, ENABLE | INTERRUPT | LOG2 | VECTOR_1);
        }

        void copy(long source, long destination, long bytes) {
            MemorySegment packet = memory.memory().asSlice(index % 16 * 64, 64);
            packet.asSlice(4).fill((byte) 0);
            packet.set(ValueLayout.JAVA_LONG, 0x08, source);
            packet.set(ValueLayout.JAVA_LONG, 0x10, destination);
            packet.set(ValueLayout.JAVA_LONG, 0x18, bytes);
            packet.set(ValueLayout.JAVA_LONG, 0x38, memory.iova() + SIGNAL);
            LONG.setRelease(memory.memory(), SIGNAL, 1L);
            INT.setRelease(packet, 0L, COPY);
            link.bar(4).write64(0, index++);
        }

        long signal() {
            return (long) LONG.getAcquire(memory.memory(), SIGNAL);
        }

        boolean await(long value) {
            return link.runtime().await(() -> signal() == value, link.runtime().deadline(TimeUnit.SECONDS.toNanos(30)));
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?dma=callbacks"})
    void itsDeviceCopiesAndInterrupts(String options) {
        try (DeviceLink link = open(options); Queue queue = new Queue(link)) {
            MemorySegment memory = queue.memory.memory();
            for (long i = 0; i < 300_000; i++) {
                memory.set(ValueLayout.JAVA_BYTE, Queue.DATA + i, (byte) (i * 7));
            }
            for (int round = 1; round <= 20; round++) {
                long seen = link.interrupts().delivered(1);
                queue.copy(queue.memory.iova() + Queue.DATA, queue.memory.iova() + Queue.DATA + 400_000 + round, 300_000);
                assertThat(link.runtime().await(() -> link.interrupts().delivered(1) != seen,
                        link.runtime().deadline(TimeUnit.SECONDS.toNanos(30)))).isTrue();
                assertThat(queue.signal()).isZero(); // there before the interrupt
                assertThat(memory.asSlice(Queue.DATA, 300_000).mismatch(memory.asSlice(Queue.DATA + 400_000 + round, 300_000)))
                        .isEqualTo(-1);
            }
        }
    }

    /** Copies, waited for by the signal, and an interrupt each; returns what came back of the last. */
    private static byte[] recordedWork(DeviceLink link, boolean deviceIsFirst) {
        link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE | Command.BUS_MASTER_ENABLE);
        try (Queue queue = new Queue(link)) {
            MemorySegment memory = queue.memory.memory();
            for (int i = 0; i < 3_000; i++) {
                memory.set(ValueLayout.JAVA_BYTE, Queue.DATA + i, (byte) (i * 7));
            }
            for (int round = 1; round <= 5; round++) {
                int interrupts = round;
                queue.copy(queue.memory.iova() + Queue.DATA, queue.memory.iova() + Queue.DATA + 4_000 + round, 3_000);
                while (deviceIsFirst && queue.signal() != 0) {
                    Thread.onSpinWait(); // so that the device writes between two calls of the host's
                }
                assertThat(link.runtime().await(() -> queue.signal() == 0 && link.interrupts().delivered(1) == interrupts,
                        link.runtime().deadline(TimeUnit.SECONDS.toNanos(30)))).isTrue();
            }
            return memory.asSlice(Queue.DATA + 4_005, 3_000).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&dma=callbacks"})
    void whatItDoesIsRecordedAndPlayedWithoutIt(String options, @org.junit.jupiter.api.io.TempDir Path folder) {
        Path file = folder.resolve("library.rec");
        byte[] copied;
        try (DeviceLink link = Links.open(scheme + ":" + library + "?record=" + file + options)) {
            copied = recordedWork(link, true);
        }
        List<Kind> kinds = new ArrayList<>();
        try (RecordingReader reader = new RecordingReader(file)) {
            for (RecordedEvent event = reader.next(); event != null; event = reader.next()) {
                kinds.add(event.kind());
            }
            assertThat(reader.ending()).isEmpty();
        }
        assertThat(kinds).contains(Kind.WRITE, Kind.HOST_WRITE, Kind.DMA_WRITE, Kind.IRQ, Kind.WAIT);
        try (DeviceLink link = Links.open("replay:" + file)) {
            assertThat(recordedWork(link, false)).isEqualTo(copied);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?dma=callbacks"})
    void whatIsNotMappedIsRefusedAndLeftAlone(String options) {
        try (DeviceLink link = open(options); Queue queue = new Queue(link)) {
            DmaMapping target = link.dma().allocate(4096, DmaAccess.DEVICE_READS);
            queue.copy(queue.memory.iova() + Queue.DATA, target.iova(), 64);
            assertThat(queue.await(-1)).isTrue();
            assertThat(target.memory().get(ValueLayout.JAVA_LONG, 0)).isZero();
            assertThat(((LibraryLink) link).dmaRefused()).hasValue(1);
            assertThat(link.runtime().await(() -> (queue.registers.read32(QUEUE_STATUS) & 7) == ERROR,
                    link.runtime().deadline(TimeUnit.SECONDS.toNanos(5)))).isTrue();
            long iova = target.iova();
            target.close();
            assertThatThrownBy(() -> link.dma().map(queue.memory.memory(), iova + 1, DmaAccess.BOTH)).isInstanceOf(LinkException.class)
                    .hasMessageContaining("aligned");
            assertThatThrownBy(() -> link.dma().map(queue.memory.memory(), queue.memory.iova(), DmaAccess.BOTH))
                    .isInstanceOf(LinkException.class)
                    .hasMessageContaining("overlap");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?dma=callbacks"})
    void memoryMayBeUnmappedWhileTheDeviceUsesIt(String options) {
        try (DeviceLink link = open(options); Queue queue = new Queue(link)) {
            for (int round = 0; round < 50; round++) {
                DmaMapping target = link.dma().allocate(256 << 10, DmaAccess.BOTH);
                queue.copy(queue.memory.iova() + Queue.DATA, target.iova(), 256 << 10);
                target.close();
                assertThat(link.runtime().await(() -> queue.signal() != 1, link.runtime().deadline(TimeUnit.SECONDS.toNanos(30)))).isTrue();
                queue.registers.write32(QUEUE_CONTROL, 0);
                for (int slot = 0; slot < 16; slot++) {
                    queue.memory.memory().set(ValueLayout.JAVA_INT, slot * 64L, 1);
                }
                queue.index = 0;
                queue.registers.write32(QUEUE_CONTROL, ENABLE | INTERRUPT | LOG2 | VECTOR_1);
            }
        }
    }

    @Test
    void masksHoldMessagesBack() {
        try (DeviceLink link = open("")) {
            link.interrupts().enable(4);
            link.interrupts().mask(3);
            link.bar(0).write32(FORCE, 1 << 31 | 3);
            assertThat(link.interrupts().pending(3)).isTrue();
            assertThat(link.interrupts().delivered(3)).isZero();
            link.interrupts().unmask(3);
            assertThat(
                    link.runtime().await(() -> link.interrupts().delivered(3) == 1, link.runtime().deadline(TimeUnit.SECONDS.toNanos(30))))
                    .isTrue();
            link.interrupts().disable();
            assertThatThrownBy(() -> link.interrupts().mask(3)).isInstanceOf(LinkException.class);
        }
    }

    @Test
    void resetsAreTheDevices() {
        try (DeviceLink link = open("")) {
            link.bar(0).write32(TEST, 7);
            link.bar(0).write32(STICKY, 8);
            link.reset(ResetKind.FUNCTION_LEVEL);
            assertThatThrownBy(() -> link.bar(0)).isInstanceOf(LinkException.class).hasMessageContaining("decoding is off");
            link.config().write32(Header.bar(0), 0x80000000);
            link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
            assertThat(link.bar(0).read32(TEST)).isZero();
            assertThat(link.bar(0).read32(STICKY)).isEqualTo(8);
        }
    }

    @Test
    void whatIsNoDeviceLibraryIsRefusedInWords(@org.junit.jupiter.api.io.TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("text.so"), "no library");
        assertThatThrownBy(() -> Links.open(scheme + ":" + folder.resolve("none.so"))).isInstanceOf(LinkException.class)
                .hasMessageContaining("none.so");
        assertThatThrownBy(() -> Links.open(scheme + ":" + text)).isInstanceOf(LinkException.class).hasMessageContaining("text.so");
        assertThatThrownBy(() -> Links.open(scheme + ":")).isInstanceOf(LinkException.class).hasMessageContaining("names no library");
        assertThatThrownBy(() -> Links.open(scheme + ":" + library + "?colour=red")).isInstanceOf(LinkException.class)
                .hasMessageContaining("colour=red");
        assertThatThrownBy(() -> Links.open(scheme + ":" + library + "?timescale=0")).isInstanceOf(LinkException.class)
                .hasMessageContaining("timescale");
        Path other = Path.of(System.getProperty("java.home"), "lib", "libzip.so");
        assumeTrue(Files.exists(other));
        assertThatThrownBy(() -> Links.open(scheme + ":" + other)).isInstanceOf(LinkException.class)
                .hasMessageContaining("it lacks ppu_device_abi");
    }

    @Test
    void aClosedLinkRefusesEverything() {
        DeviceLink link = open("");
        Mmio registers = link.bar(0);
        DmaMapping mapping = link.dma().allocate(4096, DmaAccess.BOTH);
        link.close();
        link.close();
        assertThatThrownBy(() -> registers.read32(MAGIC)).isInstanceOf(LinkException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> link.config().read32(0)).isInstanceOf(LinkException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> link.reset(ResetKind.COLD)).isInstanceOf(LinkException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> link.runtime().await(() -> false, 0)).isInstanceOf(LinkException.class).hasMessageContaining("closed");
        mapping.close();
    }

    /** A call that is under way ends before the device does; a later one never reaches it. */
    @Test
    void itMayBeClosedWhileOthersUseIt() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            DeviceLink link = open("");
            Mmio registers = link.bar(0);
            Mmio memory = link.bar(2);
            ConcurrentLinkedQueue<Throwable> strange = new ConcurrentLinkedQueue<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Mmio window = i == 2 ? memory : registers;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        while (true) {
                            window.write32(TEST, window.read32(TEST) + 1);
                        }
                    } catch (LinkException | IllegalStateException e) {
                        // closed
                    } catch (Throwable t) {
                        strange.add(t);
                    }
                }));
            }
            Thread.sleep(1);
            link.close();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(strange).isEmpty();
        }
    }

    @Test
    void nothingLeaks() throws IOException {
        openUseAndClose();
        long descriptors = count(Path.of("/proc/self/fd"));
        long threads = count(Path.of("/proc/self/task"));
        long mappings = Files.readAllLines(Path.of("/proc/self/maps")).size();
        for (int i = 0; i < 200; i++) {
            openUseAndClose();
        }
        assertThat(count(Path.of("/proc/self/fd"))).isLessThanOrEqualTo(descriptors + 2);
        assertThat(count(Path.of("/proc/self/task"))).isLessThanOrEqualTo(threads + 8); // the JVM's own come and go
        assertThat(Files.readAllLines(Path.of("/proc/self/maps"))).hasSizeLessThan((int) mappings + 60);
    }

    private void openUseAndClose() {
        try (DeviceLink link = open(""); Queue queue = new Queue(link)) {
            queue.copy(queue.memory.iova() + Queue.DATA, queue.memory.iova() + Queue.DATA + 4096, 100);
            assertThat(queue.await(0)).isTrue();
        }
    }

    private static long count(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
