package dev.openppu.system.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.reg.Engine;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Kernel;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.Stream;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.harness.sim.work.StepKernel;
import dev.openppu.model.link.ModelLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rungs of the ladder as the device sees them: which registers are written, and in which order. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class RungsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final PpuOptions OPTIONS = PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).hangLimit(Duration.ofMillis(200))
            .noDumps()
            .autoReset(true).build();
    private static final Pattern QUEUE_RESET = Pattern.compile("mmio-write .* queue\\[\\d+].control .* = 0x8\\p{XDigit}{7}$");
    private static final Pattern ENGINE_RESET = Pattern.compile("mmio-write .* engine_reset.request .* = 0x(\\p{XDigit}+)$");
    private static final Pattern FUNCTION_RESET = Pattern.compile(" pcie reset (\\w+)$");

    @TempDir
    private Path directory = Path.of("");

    /** Hangs a kernel on a device that was prepared, waits for the recovery, and tells which resets it took. */
    private List<String> resetsFor(Consumer<ModelLink> prepare, ResetLevel last) throws IOException {
        Path trace = directory.resolve("trace.txt");
        try (ModelLink link = (ModelLink) Links.open("model:zw810e?clock=sim&seed=3&trace=" + trace); Ppu ppu = Ppu.open(link, OPTIONS)) {
            try (Context context = ppu.createContext();
                    Stream stream = context.createStream();
                    DeviceBuffer buffer = context.allocate(4096)) {
                Kernel kernel = context.loadModule(StepKernel.CODE).kernel(StepKernel.NAME);
                prepare.accept(link);
                link.faults().hang(Engine.COMPUTE);
                stream.launch(kernel, Launch.linear(1024, 32), buffer, 1024, 10);
                assertThatThrownBy(() -> stream.synchronize(LONG)).isInstanceOf(PpuException.class);
                assertThat(ppu.awaitRecovery(event -> event.level() == last && event.recovered(), LONG)).isPresent();
            }
            new Tenant(ppu, 1, new AtomicInteger()).round();
        }
        return resets(trace);
    }

    private static List<String> resets(Path trace) throws IOException {
        List<String> resets = new ArrayList<>();
        for (String line : Files.readAllLines(trace)) {
            Matcher engine = ENGINE_RESET.matcher(line);
            Matcher function = FUNCTION_RESET.matcher(line);
            if (QUEUE_RESET.matcher(line).find()) {
                resets.add("queue");
            } else if (engine.find()) {
                resets.add("engine " + engine.group(1));
            } else if (function.find()) {
                resets.add(function.group(1));
            }
        }
        return resets.subList(resets.indexOf("queue"), resets.size());
    }

    @Test
    void aKernelThatHangsCostsItsQueueThenItsEngineAndNothingElse() throws IOException {
        assertThat(resetsFor(link -> {}, ResetLevel.ENGINE)).containsExactly("queue", "engine 4", "queue");
    }

    @Test
    void anEngineThatDoesNotComeBackCostsTheFunction() throws IOException {
        assertThat(resetsFor(link -> link.faults().failResets(Engine.COMPUTE, 9), ResetLevel.FUNCTION))
                .containsExactly("queue", "engine 4", "FUNCTION_LEVEL");
    }

    /** The second function-level reset does not reach a function that does not answer: it is asked for by a write to its config space. */
    @Test
    void aFunctionThatDoesNotComeBackCostsTheBus() throws IOException {
        assertThat(resetsFor(link -> {
            link.faults().failResets(Engine.COMPUTE, 9);
            link.faults().failResets(ResetKind.FUNCTION_LEVEL, 2);
        }, ResetLevel.BUS)).containsExactly("queue", "engine 4", "FUNCTION_LEVEL", "SECONDARY_BUS");
    }
}
