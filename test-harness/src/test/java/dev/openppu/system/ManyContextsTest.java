package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** As many contexts as there are address spaces, and one more. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class ManyContextsTest {
    private static final int MORE_THAN_THERE_ARE = 5000;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void contextsBeyondTheAddressSpacesAreRefusedAndThoseThatEndMakeRoom(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            long free = ppu.memoryInfo().free();
            List<Context> contexts = new ArrayList<>();
            PpuException refusal = null;
            while (refusal == null && contexts.size() < MORE_THAN_THERE_ARE) {
                refusal = catchThrowableOfType(PpuException.class, () -> contexts.add(ppu.createContext()));
                if (refusal == null) {
                    DeviceBuffer _ = contexts.getLast().allocate(4096); // goes with its context
                }
            }
            assertThat(contexts).hasSizeGreaterThanOrEqualTo(1000).hasSize(ppu.info().contexts());
            assertThat(refusal).isNotNull();
            assertThat(refusal.hgresult().number()).as(refusal.getMessage()).isEqualTo(701);
            assertThat(refusal.getMessage()).contains("address space");
            contexts.get(7).close();
            try (Context again = ppu.createContext(); DeviceBuffer buffer = again.allocate(4096)) {
                again.fill8(buffer, 0, (byte) 1, 4096);
                again.synchronize();
            }
            contexts.reversed().forEach(Context::close);
            assertThat(ppu.memoryInfo().free()).isEqualTo(free);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void theLastContextIsAsMuchByItselfAsTheFirst(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            List<Context> contexts = new ArrayList<>();
            while (contexts.size() < ppu.info().contexts()) {
                contexts.add(ppu.createContext());
            }
            Context first = contexts.getFirst();
            Context last = contexts.getLast();
            DeviceBuffer kept = first.allocate(4096);
            DeviceBuffer freed = last.allocate(4096);
            assertThat(freed.address()).isEqualTo(kept.address());
            MemoryKernels kernels = new MemoryKernels(last);
            kernels.store(last.defaultStream(), freed.address(), 1);
            last.synchronize();
            long address = freed.address();
            freed.close();
            kernels.store(last.defaultStream(), address, 2);
            refused(700, last::synchronize);
            assertThat(((ContextLostException) last.failure().orElseThrow()).fault().orElseThrow().context()).isEqualTo(last.id());
            first.fill8(kept, 0, (byte) 1, 4096);
            first.synchronize();
            contexts.reversed().forEach(Context::close);
        }
    }
}
