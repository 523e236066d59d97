package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.Stream;
import dev.openppu.driver.UpdateListener;
import dev.openppu.driver.owner.BringUp;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Links;
import dev.openppu.model.link.ModelLink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The device is pulled out in the middle of each call: the call ends within bounded time, as it should or by the driver's exception, and what was held is given back. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class RemovalSystemTest {
    private static final int MOMENTS = Integer.getInteger("openppu.soak", 1) * 6;
    private static final int BYTES = 1 << 20;
    /** Four resets of 2.6 s each, and every time-out once. */
    private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final PpuOptions OPTIONS = PpuOptions.builder().messageTimeout(Duration.ofMillis(200))
            .drainTimeout(Duration.ofMillis(50))
            .noDumps().build();

    /** What is under way. */
    enum Call {
        CREATE_AND_CLOSE_CONTEXT(ppu -> ppu.createContext().close()),
        PRIMARY_CONTEXT(ppu -> {
            ppu.primaryContext().retain();
            ppu.primaryContext().release();
        }),
        ALLOCATE_AND_FREE(ppu -> with(ppu, context -> {
            for (int i = 1; i < 20; i++) {
                context.allocate((long) i << 20).close();
                context.allocatePinned((long) i << 12).close();
            }
        })),
        COPIES(Devices::work),
        STREAMS(ppu -> with(ppu, context -> {
            for (int i = 0; i < 20; i++) {
                try (Stream stream = context.createStream(); DeviceBuffer buffer = context.allocate(BYTES)) {
                    stream.fill8(buffer, 0, (byte) i, BYTES);
                    stream.done().join();
                    stream.copyToHost(MemorySegment.ofArray(new byte[BYTES]), buffer, 0);
                }
            }
        })),
        RESET_QUEUES(ppu -> ppu.reset(ResetLevel.QUEUE)),
        RESET_ENGINES(ppu -> ppu.reset(ResetLevel.ENGINE)),
        RESET_FUNCTION(ppu -> ppu.reset(ResetLevel.FUNCTION)),
        RESET_BUS(ppu -> ppu.reset(ResetLevel.BUS)),
        UPDATE(ppu -> ppu.updateFirmware(BringUp.shippedFirmware(), UpdateListener.SILENT)),
        SLOTS(Ppu::firmwareSlots),
        LOG(Ppu::firmwareLog),
        METRICS(Ppu::metrics),
        CLOCKS(Ppu::correlateClocks),
        WATCHDOG(ppu -> ppu.setWatchdogCycles(1_000_000)),
        DUMP(RemovalSystemTest::dump),
        DRAIN(ppu -> {
            ppu.drain(true);
            ppu.awaitDrained(Duration.ofMillis(1));
        }),
        DETACH(Ppu::detach),
        CLOSE(Ppu::close);

        private final Consumer<Ppu> call;

        Call(Consumer<Ppu> call) {
            this.call = call;
        }
    }

    private static void with(Ppu ppu, Consumer<Context> work) {
        try (Context context = ppu.createContext()) {
            work.accept(context);
        }
    }

    private static void dump(Ppu ppu) {
        try {
            Path file = Files.createTempFile("removal", ".jsonl");
            ppu.dump(file, "while it is pulled out");
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pulledOutInTheMiddleOf(Call call) {
        long whole = nanosOf(call);
        LongStream.rangeClosed(0, MOMENTS).forEach(i -> strikeAt(call, i + 1, whole * i / MOMENTS));
    }

    private static long nanosOf(Call call) {
        try (ModelLink link = (ModelLink) Links.open(Devices.simulated(1)); Ppu ppu = Ppu.open(link, OPTIONS)) {
            long begin = link.runtime().nanos();
            call.call.accept(ppu);
            return link.runtime().nanos() - begin;
        }
    }

    private static void strikeAt(Call call, long seed, long nanos) {
        try (ModelLink link = (ModelLink) Links.open(Devices.simulated(seed))) {
            Ppu ppu = Ppu.open(link, OPTIONS);
            LinkRuntime.Worker striker = link.runtime().start("striker", () -> {
                link.runtime().sleep(nanos);
                link.faults().remove();
            });
            long begin = link.runtime().nanos();
            try {
                call.call.accept(ppu);
            } catch (PpuException e) {
                assertThat(e.remedy()).isNotBlank();
            } catch (CompletionException e) { // as a future tells it
                assertThat(e).hasCauseInstanceOf(PpuException.class);
            }
            ppu.close();
            striker.join(LinkRuntime.NEVER);
            assertThat(link.runtime().nanos() - begin).as("%s, pulled out after %d ns", call, nanos).isLessThan(BOUND_NANOS);
            assertThat(link.dmaMappings()).as("%s, pulled out after %d ns", call, nanos).isZero();
            assertThat(ppu.inventory().empty()).as(ppu.inventory().toString()).isTrue();
        }
    }
}
