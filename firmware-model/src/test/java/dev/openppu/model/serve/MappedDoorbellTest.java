package dev.openppu.model.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.posix.file.SharedMemory;
import dev.openppu.hal.vfiouser.protocol.Command;
import dev.openppu.hal.vfiouser.protocol.DmaMap;
import dev.openppu.model.pcie.SharedBars;
import dev.openppu.model.pcie.TestDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PCIe's order between stores to a mapped doorbell and accesses by messages, which come by different ways. The doorbell is BAR0's first page, registers are behind it. */
@Timeout(120)
class MappedDoorbellTest {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final int BAR = 0;
    private static final long PAGE = 4096;
    private static final long SEEN = 0x1010;
    private static final long SETTING = 0x1020;
    private static final int ROUNDS = 3000;

    @TempDir
    private Path folder;

    /** A page with one doorbell. */
    private static final class Doorbell implements SharedBars, SharedBars.Doorbells {
        private SharedMemory page = SharedMemory.create("openppu-test-doorbell", PAGE);
        private volatile boolean heard = true;
        private volatile Runnable reminded = () -> {};

        @Override
        public List<Part> parts() {
            return List.of(new Part(BAR, page, PAGE));
        }

        @Override
        public void renew() {
            page.close();
            page = SharedMemory.create("openppu-test-doorbell", PAGE);
        }

        @Override
        public boolean moves(int bar, long offset, long bytes) {
            return false;
        }

        @Override
        public boolean behind() {
            return false;
        }

        @Override
        public void follow() {
            // nothing moves
        }

        @Override
        public Doorbells doorbells() {
            return this;
        }

        @Override
        public int bar() {
            return BAR;
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public boolean heard() {
            return heard;
        }

        @Override
        public void remind(int index) {
            reminded.run();
        }

        @Override
        public void close() {
            page.close();
        }
    }

    private ServedDevice serve(Doorbell doorbell) {
        return new ServedDevice(folder, device -> device.shared = Optional.of(doorbell));
    }

    private static RawClient client(ServedDevice served, boolean memoryByMessages) {
        RawClient client = ServedDevice.enabled(served.client());
        if (memoryByMessages) {
            assertThat(client.ask(Command.DMA_MAP, new DmaMap(3, 0, 0x10_0000, PAGE)).errno()).isZero();
        }
        return client;
    }

    private static void onRing(TestDevice device, LongConsumer hook) {
        AtomicLong rung = new AtomicLong();
        device.world.exclusively(() -> device.onWrite(0, value -> {
            rung.set(value);
            hook.accept(value);
        }));
        ((Doorbell) device.shared.orElseThrow()).reminded = () -> hook.accept(rung.get());
    }

    private static void ring(MemorySegment page, long value) {
        LONG.setRelease(page, 0L, value);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReadFindsTheDoorbellThatWasRungBeforeIt(boolean memoryByMessages) {
        try (ServedDevice served = serve(new Doorbell());
                Arena arena = Arena.ofShared();
                RawClient client = client(served, memoryByMessages)) {
            onRing(served.device, value -> served.device.register(SEEN, value));
            MemorySegment page = client.map(BAR, arena);
            for (long i = 0; i < ROUNDS; i++) {
                ring(page, i);
                assertThat(client.read(BAR, SEEN, 8)).isEqualTo(i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDoorbellFindsTheWriteThatWasPostedBeforeIt(boolean memoryByMessages) {
        try (ServedDevice served = serve(new Doorbell());
                Arena arena = Arena.ofShared();
                RawClient client = client(served, memoryByMessages)) {
            onRing(served.device, value -> served.device.register(SEEN, served.device.register(SETTING)));
            MemorySegment page = client.map(BAR, arena);
            for (long i = 1; i < ROUNDS; i++) {
                client.write(BAR, SETTING, 8, i, true);
                ring(page, i);
                assertThat(client.read(BAR, SEEN, 8)).isEqualTo(i);
            }
        }
    }

    /** What was rung is history for a command that comes after an answer: it must not be heard of again. */
    @Test
    void aDoorbellIsNotHeardOfAgainBehindLaterCommands() {
        try (ServedDevice served = serve(new Doorbell()); Arena arena = Arena.ofShared(); RawClient client = client(served, false)) {
            AtomicLong rings = new AtomicLong();
            onRing(served.device, value -> rings.incrementAndGet());
            MemorySegment page = client.map(BAR, arena);
            for (int i = 0; i < ROUNDS; i++) {
                ring(page, i);
                client.read(BAR, SEEN, 8);
                long heard = rings.get();
                client.read(BAR, SEEN, 8);
                assertThat(rings.get()).isEqualTo(heard);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDoorbellIsHeardWithoutAnyMessage(boolean memoryByMessages) throws InterruptedException {
        try (ServedDevice served = serve(new Doorbell());
                Arena arena = Arena.ofShared();
                RawClient client = client(served, memoryByMessages)) {
            AtomicLong last = new AtomicLong(-1);
            onRing(served.device, last::set);
            MemorySegment page = client.map(BAR, arena);
            for (long i = 0; i < 50; i++) {
                Thread.sleep(i % 5);
                long value = i;
                ring(page, value);
                ServedDevice.await("the doorbell", () -> last.get() == value);
            }
        }
    }

    /** While the device listens and nothing comes, the server looks five hundred times a second at most. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitsForADoorbellHardlyUsesAProcessor(boolean memoryByMessages) throws InterruptedException {
        try (ServedDevice served = serve(new Doorbell());
                Arena arena = Arena.ofShared();
                RawClient client = client(served, memoryByMessages)) {
            client.map(BAR, arena);
            Thread.sleep(1500); // compiled, and looking as rarely as it does
            long before = serverNanos();
            Thread.sleep(2000);
            assertThat(serverNanos() - before).isLessThan(100_000_000L);
        }
    }

    /** What the server's threads have used, as the kernel counts it. */
    private static long serverNanos() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(task -> text(task.resolve("comm")).startsWith("ppu-serve")).mapToLong(
                    task -> new Scanner(text(task.resolve("schedstat"))).nextLong()).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "0"; // the thread has ended
        }
    }

    /** Somebody rings all the time, and nonsense: he is served, and so is the next. */
    @Test
    void whoRingsWithoutEndHarmsNobody() throws InterruptedException {
        try (ServedDevice served = serve(new Doorbell()); Arena arena = Arena.ofShared()) {
            Thread scribbler;
            try (RawClient client = client(served, false)) {
                MemorySegment page = client.map(BAR, arena);
                scribbler = Thread.ofPlatform().start(() -> {
                    for (long i = 1; !Thread.currentThread().isInterrupted(); i += 0x9e3779b97f4a7c15L) {
                        ring(page, i);
                    }
                });
                for (int i = 0; i < 500; i++) {
                    client.write(BAR, SETTING, 8, i, false);
                    assertThat(client.read(BAR, SETTING, 8)).isEqualTo(i);
                }
            }
            try (RawClient next = client(served, false)) {
                AtomicLong rings = new AtomicLong();
                onRing(served.device, value -> rings.incrementAndGet());
                next.read(BAR, SEEN, 8);
                Thread.sleep(20);
                assertThat(rings).hasValue(0);
            }
            scribbler.interrupt();
            scribbler.join();
        }
    }
}
