package dev.openppu.hal.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.DeviceLink.Bar;
import dev.openppu.hal.LinkException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarSizingTest {
    /** BARs whose writable bits are given; the others read as they are. */
    private static final class Bars implements ConfigSpace {
        private final int[] fixed = new int[6];
        private final int[] writable = new int[6];
        private final int[] values = new int[6];
        private int command = 0x0007;
        private final List<Integer> commandWhileProbing = new ArrayList<>();

        Bars bar(int index, int fixedBits, int writableBits, int value) {
            fixed[index] = fixedBits;
            writable[index] = writableBits;
            values[index] = value;
            return this;
        }

        @Override
        public int size() {
            return 4096;
        }

        @Override
        public int read8(int offset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read16(int offset) {
            return command;
        }

        @Override
        public int read32(int offset) {
            int i = (offset - 0x10) / 4;
            return fixed[i] | values[i] & writable[i];
        }

        @Override
        public void write8(int offset, int value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write16(int offset, int value) {
            command = value;
        }

        @Override
        public void write32(int offset, int value) {
            values[(offset - 0x10) / 4] = value;
            commandWhileProbing.add(command);
        }
    }

    @Test
    void sizesOfBothWidthsAreFoundAndEverythingIsPutBack() {
        Bars config = new Bars().bar(0, 0, 0xfff0_0000, 0x8000_0000).bar(2, 0xC, 0xf000_0000, 0xe000_0000).bar(3, 0, -1, 0x0000_0040)
                .bar(4, 0x4, 0, 0).bar(5, 0, 0xffff_ffe0, 0x40);
        assertThat(BarSizing.probe(config)).containsExactly(new Bar(0, 1 << 20, false, false), new Bar(2, 256 << 20, true, true),
                new Bar(4, 1L << 37, true, false));
        assertThat(config.values[0]).isEqualTo(0x8000_0000);
        assertThat(config.values[2]).isEqualTo(0xe000_000c);
        assertThat(config.values[3]).isEqualTo(0x40);
        assertThat(config.command).isEqualTo(0x0007);
    }

    @Test
    void memoryDecodingIsOffMeanwhile() {
        Bars config = new Bars().bar(0, 0, 0xffff_f000, 0);
        BarSizing.probe(config);
        assertThat(config.commandWhileProbing).isNotEmpty().allMatch(command -> (command & 2) == 0);
    }

    @Test
    void aSizeThatIsNoPowerOfTwoIsRefused() {
        assertThatThrownBy(() -> BarSizing.probe(new Bars().bar(1, 0, 0xf0f0_0000, 0))).isInstanceOf(LinkException.class)
                .hasMessageContaining("BAR1");
    }

    @Test
    void aWideBarWithoutUpperHalfIsRefused() {
        assertThatThrownBy(() -> BarSizing.probe(new Bars().bar(5, 4, 0xfff0_0000, 0))).isInstanceOf(LinkException.class)
                .hasMessageContaining("BAR5");
    }

    @Test
    void ioBarsAreLeftOut() {
        assertThat(BarSizing.probe(new Bars().bar(0, 1, 0xffff_ff00, 0))).isEmpty();
    }
}
