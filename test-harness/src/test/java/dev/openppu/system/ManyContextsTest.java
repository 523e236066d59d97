package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openppu.driver.Context;
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
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void contextsBeyondTheAddressSpacesAreRefusedAndThoseThatEndMakeRoom(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            long free = ppu.memoryInfo().free();
            List<Context> contexts = new ArrayList<>();
            PpuException refusal = null;
            while (refusal == null && contexts.size() < 1000) {
                refusal = catchThrowableOfType(PpuException.class, () -> contexts.add(ppu.createContext()));
                if (refusal == null) {
                    DeviceBuffer _ = contexts.getLast().allocate(4096); // goes with its context
                }
            }
            assertThat(contexts).hasSizeGreaterThanOrEqualTo(250);
            if (refusal != null) {
                assertThat(refusal.hgresult().number()).as(refusal.getMessage()).isEqualTo(701);
                assertThat(refusal.getMessage()).contains("address space");
            }
            contexts.get(7).close();
            try (Context again = ppu.createContext(); DeviceBuffer buffer = again.allocate(4096)) {
                again.fill8(buffer, 0, (byte) 1, 4096);
                again.synchronize();
            }
            contexts.reversed().forEach(Context::close);
            assertThat(ppu.memoryInfo().free()).isEqualTo(free);
        }
    }
}
