package dev.openppu.hal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class HostMemoryTest {
    private static final long PAGE = HostMemory.pageSize();
    private static final long GIB = 1L << 30;

    @Test
    void pageSizeIsAPowerOfTwoThatEverySystemHas() {
        assertThat(Long.bitCount(PAGE)).isEqualTo(1);
        assertThat(PAGE).isBetween(4096L, 65536L);
    }

    @Test
    void reservesMoreThanThereIsRamAndTakesOnlyWhatIsWritten() {
        try (Arena arena = Arena.ofShared()) {
            HostMemory memory = HostMemory.reserve(96 * GIB, arena);
            assertThat(memory.segment().byteSize()).isEqualTo(96 * GIB);
            assertThat(memory.segment().address() % PAGE).isZero();

            memory.segment().set(ValueLayout.JAVA_BYTE, 50 * GIB, (byte) 1);
            memory.segment().set(ValueLayout.JAVA_BYTE, 96 * GIB - 1, (byte) 2);

            assertThat(memory.resident(50 * GIB - 16 * PAGE, 32 * PAGE)).isEqualTo(PAGE);
            assertThat(memory.resident(0, GIB)).isZero();
            assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 50 * GIB + 1)).isZero();
        }
    }

    @Test
    void discardedPagesReadAsZeroAndAreNotResident() {
        try (Arena arena = Arena.ofConfined()) {
            HostMemory memory = HostMemory.reserve(4 * PAGE, arena);
            memory.segment().fill((byte) 0x5a);
            memory.discard(PAGE, 2 * PAGE);
            assertThat(memory.resident(0, 4 * PAGE)).isEqualTo(2 * PAGE);
            assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, PAGE)).isZero();
            assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, PAGE - 1)).isEqualTo((byte) 0x5a);
            assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 3 * PAGE)).isEqualTo((byte) 0x5a);
        }
    }

    @Test
    void memoryIsGoneWithItsArenaAndSaysSo() {
        HostMemory memory;
        try (Arena arena = Arena.ofShared()) {
            memory = HostMemory.reserve(PAGE, arena);
        }
        assertThatThrownBy(() -> memory.segment().get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void refusesSizesThatAreNotWholePages() {
        try (Arena arena = Arena.ofConfined()) {
            assertThatIllegalArgumentException().isThrownBy(() -> HostMemory.reserve(0, arena));
            assertThatIllegalArgumentException().isThrownBy(() -> HostMemory.reserve(PAGE + 1, arena))
                    .withMessageContaining("multiple of the page size");
            HostMemory memory = HostMemory.reserve(2 * PAGE, arena);
            assertThatIllegalArgumentException().isThrownBy(() -> memory.discard(1, PAGE));
            assertThatThrownBy(() -> memory.discard(PAGE, 2 * PAGE)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aFailedCallNamesItselfItsArgumentsAndTheError() {
        try (Arena arena = Arena.ofConfined()) {
            long tooMuch = 1L << 62;
            assertThatThrownBy(() -> HostMemory.reserve(tooMuch, arena)).isInstanceOfSatisfying(PosixException.class, e -> {
                assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
                assertThat(e).hasMessageContaining("mmap").hasMessageContaining(Long.toString(tooMuch)).hasMessageContaining("ENOMEM");
            });
        }
    }

    /** A night of simulated devices reserves more addresses than there are, one device after another. */
    @Test
    void addressesOfMemoryThatNobodyHasAnyMoreAreUsedAgain() {
        for (int i = 0; i < 3000; i++) {
            assertThat(HostMemory.reserve(96L << 30, Arena.ofAuto()).segment().byteSize()).isEqualTo(96L << 30);
        }
    }
}
