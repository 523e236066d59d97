package dev.openppu.harness.sim.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeskTest {
    private final Desk desk = new Desk(List::of);

    /** The caller may come to look at it only when the device takes contexts again. */
    @Test
    void aCallThatBeganWhileTheDeviceWasDrainedIsRefusedForThatThoughItHasEnded() {
        try (Ppu ppu = Ppu.open("model:zw810e?clock=sim&seed=1")) {
            int[] began = new int[1];
            PpuException[] refusal = new PpuException[1];
            int before = desk.drains();
            desk.draining(ppu, () -> {
                began[0] = desk.drains();
                refusal[0] = catchThrowableOfType(PpuException.class, ppu::createContext);
                assertThat(desk.refused(refusal[0], began[0])).isTrue();
            });
            assertThat(desk.refused(refusal[0], began[0])).as("it began meanwhile").isTrue();
            assertThat(desk.refused(refusal[0], before)).as("it began before").isTrue();
            assertThat(desk.refused(refusal[0], desk.drains())).as("it began behind it: nothing refuses it").isFalse();
        }
    }
}
