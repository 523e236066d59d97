package dev.openppu.abi.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class KernelDescriptorTest {
    private static final KernelDescriptor SAMPLE = new KernelDescriptor(0x1122_3344_5560L, 0x40, 0x20, 0x6677_8899_AA00L, 0x123, 200, 5,
            0x4000, 0x80, 0x7FFC, 1024);

    @Test
    void theDescriptorHasItsBytes() {
        assertThat(HexFormat.of().formatHex(SAMPLE.toBytes(), 0, 60))
                .isEqualTo("50504b44" + "01000000" + "6055443322110000" + "40000000" + "20000000"
                        + "00aa998877660000" + "23010000" + "c8000500" + "00400000" + "80000000" + "fc7f0000" + "00040000" + "00000000");
    }

    @Test
    void whatIsWrittenIsRead() throws MalformedCodeException {
        assertThat(KernelDescriptor.decode(ByteBuffer.wrap(SAMPLE.toBytes()))).isEqualTo(SAMPLE);
    }

    @Test
    void everyFlippedBitIsFound() {
        for (int bit = 0; bit < 512; bit++) {
            byte[] bad = SAMPLE.toBytes();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> KernelDescriptor.decode(ByteBuffer.wrap(bad))).isInstanceOf(MalformedCodeException.class);
        }
    }

    @Test
    void impossibleKernelsAreRefusedByField() {
        refused(new KernelDescriptor(16, 64, 0, 0, 0, 1, 0, 0, 0, 0, 0), "text address");
        refused(new KernelDescriptor(0, 65, 0, 0, 0, 1, 0, 0, 0, 0, 0), "text size");
        refused(new KernelDescriptor(0, 64, 64, 0, 0, 1, 0, 0, 0, 0, 0), "entry offset");
        refused(new KernelDescriptor(0, 64, 0, 0, 0, 256, 0, 0, 0, 0, 0), "register count");
        refused(new KernelDescriptor(0, 64, 0, 0, 0, 1, 128, 0, 0, 0, 0), "predicate count");
        refused(new KernelDescriptor(0, 64, 0, 0, 0, 1, 0, 262145, 0, 0, 0), "shared size");
        refused(new KernelDescriptor(0, 64, 0, 0, 0, 1, 0, 0, 65537, 0, 0), "local size");
        refused(new KernelDescriptor(0, 64, 0, 0, 0, 1, 0, 0, 0, 32765, 0), "parameter size");
        refused(new KernelDescriptor(0, 64, 0, 0, 0, 1, 0, 0, 0, 0, 1025), "threads per block");
    }

    private static void refused(KernelDescriptor kernel, String field) {
        assertThatThrownBy(() -> KernelDescriptor.decode(ByteBuffer.wrap(kernel.toBytes()))).isInstanceOf(MalformedCodeException.class)
                .hasMessageContaining("bad " + field);
    }
}
