package dev.openppu.hal.mmio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both kinds of MMIO keep the same contract: bounds, alignment, widths, little-endian. */
class MmioBoundsTest {
    private static final int SIZE = 64;

    /** A trap over memory, which fails on any access that the window should have refused. */
    private static final class MemoryTrap implements MmioTrap {
        private final MemorySegment memory;

        MemoryTrap(MemorySegment memory) {
            this.memory = memory;
        }

        @Override
        public long read(long offset, int bytes) {
            assertThat(offset % bytes).as("alignment of what arrives").isZero();
            long value = 0;
            for (int i = 0; i < bytes; i++) {
                value |= (memory.get(ValueLayout.JAVA_BYTE, offset + i) & 0xffL) << 8 * i;
            }
            return value;
        }

        @Override
        public void write(long offset, int bytes, long value) {
            assertThat(offset % bytes).as("alignment of what arrives").isZero();
            assertThat(bytes == 8 ? 0 : value >>> 8 * bytes).as("higher bits").isZero();
            for (int i = 0; i < bytes; i++) {
                memory.set(ValueLayout.JAVA_BYTE, offset + i, (byte) (value >>> 8 * i));
            }
        }
    }

    static Stream<Mmio> windows() {
        return Stream.of(new MappedMmio(Arena.ofAuto().allocate(SIZE, 8)), MappedMmio.permanent(Arena.global().allocate(SIZE, 8)),
                new TrappedMmio(new MemoryTrap(Arena.ofAuto().allocate(SIZE, 8)), SIZE));
    }

    @ParameterizedTest
    @MethodSource("windows")
    void everyWidthIsReadBackAndLiesLittleEndian(Mmio mmio) {
        mmio.write64(8, 0x8877_6655_4433_2211L);
        assertThat(mmio.read64(8)).isEqualTo(0x8877_6655_4433_2211L);
        assertThat(mmio.read32(12)).isEqualTo(0x8877_6655);
        assertThat(mmio.read16(14)).isEqualTo((short) 0x8877);
        assertThat(mmio.read8(15)).isEqualTo((byte) 0x88);
        mmio.write8(8, (byte) 0xfe);
        mmio.write16(10, (short) 0xfdfc);
        mmio.write32(12, 0xfbfa_f9f8);
        assertThat(mmio.read64(8)).isEqualTo(0xfbfa_f9f8_fdfc_22feL);
    }

    @ParameterizedTest
    @MethodSource("windows")
    void accessesOutsideAreRefusedAndTouchNothing(Mmio mmio) {
        for (long offset : new long[]{SIZE, SIZE + 8, -8, Long.MAX_VALUE - 7, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> mmio.read8(offset)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> mmio.read16(offset)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> mmio.read32(offset)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> mmio.read64(offset)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> mmio.write8(offset, (byte) 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> mmio.write16(offset, (short) 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> mmio.write32(offset, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> mmio.write64(offset, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(mmio.read64(SIZE - 8)).isZero();
    }

    @ParameterizedTest
    @MethodSource("windows")
    void unalignedAccessesAreRefused(Mmio mmio) {
        assertThatIllegalArgumentException().isThrownBy(() -> mmio.read16(1));
        assertThatIllegalArgumentException().isThrownBy(() -> mmio.read32(2));
        assertThatIllegalArgumentException().isThrownBy(() -> mmio.read64(4));
        assertThatIllegalArgumentException().isThrownBy(() -> mmio.write16(3, (short) -1));
        assertThatIllegalArgumentException().isThrownBy(() -> mmio.write32(1, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> mmio.write64(12, -1));
        assertThat(mmio.read64(0)).isZero();
        assertThat(mmio.read64(8)).isZero();
    }

    @ParameterizedTest
    @MethodSource("windows")
    void burstsOfAnyAlignmentAndLengthAreCopiedWhole(Mmio mmio) {
        for (int offset = 0; offset < 20; offset++) {
            for (int length = 0; length < 30; length++) {
                byte[] content = new byte[length];
                for (int i = 0; i < length; i++) {
                    content[i] = (byte) (offset * 31 + length * 7 + i + 1);
                }
                mmio.writeBytes(offset, MemorySegment.ofArray(content));
                byte[] back = new byte[length];
                mmio.readBytes(offset, MemorySegment.ofArray(back));
                assertThat(back).isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("windows")
    void burstsOverTheEndAreRefusedWhole(Mmio mmio) {
        MemorySegment ones = MemorySegment.ofArray(new byte[]{1, 1, 1, 1, 1, 1, 1, 1, 1});
        assertThatThrownBy(() -> mmio.writeBytes(SIZE - 8, ones)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> mmio.readBytes(SIZE - 8, ones)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> mmio.writeBytes(-1, ones)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(mmio.read64(SIZE - 8)).isZero();
    }

    @ParameterizedTest
    @MethodSource("windows")
    void aSliceSeesItsPartAndNothingElse(Mmio mmio) {
        Mmio slice = mmio.slice(16, 16).slice(8, 8);
        slice.write32(4, 0x1234_5678);
        assertThat(mmio.read32(28)).isEqualTo(0x1234_5678);
        assertThat(slice.size()).isEqualTo(8);
        assertThatThrownBy(() -> slice.read32(8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.read32(-4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> mmio.slice(SIZE - 4, 8)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
