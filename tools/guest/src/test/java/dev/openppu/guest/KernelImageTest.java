package dev.openppu.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class KernelImageTest {
    private static byte[] image(int offset, int length, int magic) {
        ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        image.put(0x1f1, (byte) 3).putInt(0x202, 0x53726448).putInt(0x248, offset).putInt(0x24c, length);
        return image.putInt(4 * 512 + 16, magic).putInt(4 * 512 + 20, 0x01020304).array();
    }

    @Test
    void theCompressedKernelIsFoundByItsHeader() throws GuestUnavailableException {
        assertThat(KernelImage.payload(image(16, 12, 0xfd2fb528))).containsExactly(0x28, 0xb5, 0x2f, 0xfd, 4, 3, 2, 1);
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> KernelImage.payload(new byte[1000])).hasMessageContaining("no setup header");
        assertThatThrownBy(() -> KernelImage.payload(image(16, 12, 7))).hasMessageContaining("zstd");
        assertThatThrownBy(() -> KernelImage.payload(image(16, 1 << 20, 0xfd2fb528))).hasMessageContaining("zstd");
        assertThatThrownBy(() -> KernelImage.payload(image(-1, 12, 0xfd2fb528))).hasMessageContaining("zstd");
    }
}
