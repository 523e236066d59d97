package dev.openppu.system.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Inventory;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.owner.DeviceOwner;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.model.link.ModelLink;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over many lives of contexts and devices, with faults in between, nothing is held more than before. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class LeaksTest {
    private static final int CYCLES = 100;
    private static final int WARM_UP = 8;
    private static final String URI = "model:zw810e?clock=sim&seed=1";
    private static final PpuOptions OPTIONS = PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).hangLimit(Duration.ofMillis(100))
            .messageTimeout(Duration.ofMillis(200)).autoReset(true).noDumps().build();

    /** The JDK's own, of processes that earlier tests have started: it ends by itself when it has had none for a minute. */
    private static final String OF_EARLIER_TESTS = "process reaper";

    /** Threads and open files of this process. */
    private record Held(List<String> threads, long files) {
        static Held now() throws IOException {
            try (var files = Files.list(Path.of("/proc/self/fd"))) {
                return new Held(Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                        .filter(name -> !name.equals(OF_EARLIER_TESTS)).sorted().toList(), files.count());
            }
        }
    }

    @Test
    void contextsThatAreLostGiveBackWhatTheyHad() throws IOException {
        try (ModelLink link = (ModelLink) Links.open(URI); Ppu ppu = Ppu.open(link, OPTIONS)) {
            Random random = new Random(1);
            warmUp(ppu, random);
            Inventory before = ppu.inventory();
            int mappings = link.dmaMappings();
            Held held = Held.now();
            for (int i = 0; i < CYCLES; i++) {
                if (i % 4 == 1) {
                    Fault.QUEUE_HANGS.strike(link, ppu, random);
                } else if (i % 4 == 3) {
                    Fault.COMPUTE_HANGS.strike(link, ppu, random);
                }
                round(ppu, random);
                assertThat(ppu.inventory()).as("after cycle %d", i).isEqualTo(before);
            }
            assertThat(link.dmaMappings()).isEqualTo(mappings);
            assertThat(Held.now()).isEqualTo(held);
        }
    }

    @Test
    void epochsThatEndGiveBackWhatTheyHad() throws IOException {
        try (ModelLink link = (ModelLink) Links.open(URI); Ppu ppu = Ppu.open(link, OPTIONS)) {
            Random random = new Random(2);
            warmUp(ppu, random);
            int mappings = link.dmaMappings();
            Held held = Held.now();
            for (int i = 0; i < CYCLES; i++) {
                assertThat(ppu.reset(i % 2 == 0 ? ResetLevel.FUNCTION : ResetLevel.BUS).recovered()).isTrue();
                round(ppu, random);
            }
            assertThat(ppu.epoch()).isEqualTo(1 + CYCLES);
            assertThat(link.dmaMappings()).isEqualTo(mappings);
            assertThat(Held.now()).isEqualTo(held);
        }
    }

    @Test
    void devicesThatAreOpenedAndLostGiveBackWhatTheyHad() throws IOException {
        try (ModelLink link = (ModelLink) Links.open(URI)) {
            Random random = new Random(3);
            Held held = Held.now();
            for (int i = 0; i < CYCLES; i++) {
                try (Ppu ppu = Ppu.open(link, OPTIONS)) {
                    round(ppu, random);
                    if (i % 3 == 1) {
                        link.faults().crashFirmware("planted before the device is closed");
                    }
                }
                assertThat(link.dmaMappings()).isZero();
            }
            assertThat(Held.now()).isEqualTo(held);
        }
    }

    /** Begins the threads that serve all contexts. */
    private static void warmUp(Ppu ppu, Random random) {
        for (int i = 0; i < WARM_UP; i++) {
            round(ppu, random);
        }
    }

    private static void round(Ppu ppu, Random random) {
        try {
            new Tenant(ppu, random.nextLong(), new AtomicInteger()).round();
        } catch (PpuException e) {
            // whoever loses a context gives it back like anybody else
        }
    }

    @Test
    void epochsThatEndAreForgotten() throws InterruptedException {
        try (DeviceLink link = Links.open(URI); Ppu ppu = Ppu.open(link, OPTIONS)) {
            List<WeakReference<DeviceOwner>> ended = new ArrayList<>();
            for (int i = 0; i < CYCLES; i++) {
                ended.add(new WeakReference<>(ppu.owner()));
                assertThat(ppu.reset(ResetLevel.FUNCTION).recovered()).isTrue();
            }
            for (int i = 0; i < 20 && kept(ended) > 2; i++) {
                System.gc();
                Thread.sleep(10);
            }
            assertThat(kept(ended)).as("of %d epochs", CYCLES).isLessThanOrEqualTo(2);
        }
    }

    private static long kept(List<WeakReference<DeviceOwner>> owners) {
        return owners.stream().filter(owner -> owner.get() != null).count();
    }
}
