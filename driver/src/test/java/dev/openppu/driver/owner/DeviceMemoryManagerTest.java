package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.OutOfDeviceMemoryException;
import org.junit.jupiter.api.Test;

class DeviceMemoryManagerTest {
    @Test
    void exhaustionSaysWhatIsFree() {
        DeviceMemoryManager memory = new DeviceMemoryManager("card", 16 << 10);
        memory.allocate(4 << 10, "a");
        long b = memory.allocate(4 << 10, "b");
        memory.allocate(4 << 10, "c");
        memory.free(b);
        OutOfDeviceMemoryException e = catchThrowableOfType(OutOfDeviceMemoryException.class, () -> memory.allocate(8 << 10, "d"));
        assertThat(e.hgresult()).isEqualTo(HgResult.OUT_OF_MEMORY);
        assertThat(e.requested()).isEqualTo(8192);
        assertThat(e.free()).isEqualTo(8192);
        assertThat(e.largest()).isEqualTo(4096);
        assertThat(e).hasMessageContaining("8,192 bytes asked for").hasMessageContaining("4,096 of them in one piece")
                .hasMessageContaining("card");
    }

    @Test
    void alignsToTheLargestPageThatFits() {
        assertThat(DeviceMemoryManager.alignment(4096)).isEqualTo(4096);
        assertThat(DeviceMemoryManager.alignment((2 << 20) - 4096)).isEqualTo(4096);
        assertThat(DeviceMemoryManager.alignment(2 << 20)).isEqualTo(2 << 20);
        assertThat(DeviceMemoryManager.alignment(1L << 30)).isEqualTo(1L << 30);
        assertThat(DeviceMemoryManager.alignment(1L << 40)).isEqualTo(1L << 30);
    }

    @Test
    void takesUnalignedMemoryRatherThanNone() {
        DeviceMemoryManager memory = new DeviceMemoryManager("card", (2 << 20) + 4096);
        memory.allocate(4096, "a");
        assertThat(memory.allocate(2 << 20, "b")).isEqualTo(4096);
    }
}
