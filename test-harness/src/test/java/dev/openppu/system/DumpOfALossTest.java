package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.PpuIds;
import dev.openppu.driver.DeviceState;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Links;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.bringup.DefectiveLink;
import dev.openppu.model.link.ModelLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dump that the loss of a device gives rise to holds nobody up, and tells what it lacks. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class DumpOfALossTest {
    /** Of one read: some thousands of them make a dump, which then takes longer than anybody waits for. */
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final String CUT = "cut short, and nothing of the device after it: ";

    @TempDir
    private Path folder = Path.of("");

    /** A link whose registers answer slowly from a moment on. */
    private static final class SlowLink extends DefectiveLink {
        private final ModelLink model;
        private volatile boolean slow;
        private final AtomicInteger reads = new AtomicInteger();

        SlowLink(ModelLink model) {
            super(model);
            this.model = model;
        }

        @Override
        public Mmio bar(int index) {
            Mmio bar = super.bar(index);
            return index == PpuIds.BAR_REGISTERS ? through(bar, new SlowReads()) : bar;
        }

        private final class SlowReads extends Trap {
            @Override
            public long read(long offset, int bytes) {
                if (slow) {
                    reads.incrementAndGet();
                    model.runtime().sleep(SLOW_NANOS);
                }
                return super.read(offset, bytes);
            }
        }
    }

    private Ppu open(SlowLink link) {
        return Ppu.open(link, PpuOptions.builder().dumpDirectory(folder).build());
    }

    private String dump() throws IOException {
        List<Path> files;
        try (java.util.stream.Stream<Path> all = Files.list(folder)) {
            files = all.toList();
        }
        assertThat(files).hasSize(1);
        String text = Files.readString(files.getFirst());
        assertThat(text).endsWith("\"left\":0}\n").containsOnlyOnce(CUT).contains("\"section\":\"xid\"");
        return text;
    }

    @Test
    void closingEndsADumpOfADeviceThatAnswersSlowly() throws IOException {
        try (ModelLink model = (ModelLink) Links.open(Devices.simulated(1))) {
            SlowLink link = new SlowLink(model);
            LinkRuntime runtime = model.runtime();
            long began;
            try (Ppu ppu = open(link)) {
                link.slow = true;
                model.faults().crashFirmware("planted");
                runtime.await(() -> ppu.health().state() == DeviceState.LOST, LinkRuntime.NEVER);
                runtime.sleep(20 * SLOW_NANOS); // into the dump
                began = runtime.nanos();
            }
            assertThat(runtime.nanos() - began).isLessThan(20 * SLOW_NANOS);
            assertThat(dump()).contains(CUT + "the device is being closed").contains("\"section\":\"register\"");
        }
    }

    @Test
    void aDeviceThatIsGoneIsNotAskedForThousandsOfRegisters() throws IOException {
        try (ModelLink model = (ModelLink) Links.open(Devices.simulated(1))) {
            SlowLink link = new SlowLink(model);
            try (Ppu ppu = open(link)) {
                link.slow = true;
                model.faults().remove();
                model.runtime().await(() -> ppu.health().state() == DeviceState.LOST, LinkRuntime.NEVER);
                model.runtime().sleep(TimeUnit.MINUTES.toNanos(1));
            }
            assertThat(link.reads.get()).isLessThan(20);
            assertThat(dump()).contains(CUT + "the device does not answer").doesNotContain("\"section\":\"register\"");
        }
    }
}
