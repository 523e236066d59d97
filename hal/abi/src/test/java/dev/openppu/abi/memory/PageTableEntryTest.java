package dev.openppu.abi.memory;

import static dev.openppu.abi.memory.PageTableEntry.EXECUTE;
import static dev.openppu.abi.memory.PageTableEntry.READ;
import static dev.openppu.abi.memory.PageTableEntry.SYSTEM;
import static dev.openppu.abi.memory.PageTableEntry.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden words by hand from docs/device.md, section 6. */
class PageTableEntryTest {

    @Test
    void entriesAreTheseWords() {
        assertThat(PageTableEntry.table(0x0000_0012_3456_7000L)).isEqualTo(0x0000_0012_3456_7001L);
        assertThat(PageTableEntry.leaf(0, 0x000f_ffff_ffff_f000L, READ | WRITE | EXECUTE)).isEqualTo(0x000f_ffff_ffff_f01fL);
        assertThat(PageTableEntry.leaf(1, 0x0020_0000L, READ)).isEqualTo(0x0020_0013L);
        assertThat(PageTableEntry.leaf(2, 0x8000_0000L, WRITE | SYSTEM)).isEqualTo(0x8000_0035L);
    }

    @Test
    void anEntryTellsWhatItHolds() {
        long entry = 0x0000_00ab_cdef_0037L;
        assertThat(PageTableEntry.valid(entry)).isTrue();
        assertThat(PageTableEntry.leaf(entry)).isTrue();
        assertThat(PageTableEntry.system(entry)).isTrue();
        assertThat(PageTableEntry.address(entry)).isEqualTo(0x0000_00ab_cdef_0000L);
        assertThat(PageTableEntry.allows(entry, READ | WRITE)).isTrue();
        assertThat(PageTableEntry.allows(entry, READ | EXECUTE)).isFalse();
    }

    @Test
    void indicesAreNineBitsEach() {
        long address = 1L << 39 | 2L << 30 | 3L << 21 | 511L << 12 | 0xfff;
        assertThat(PageTableEntry.index(address, 3)).isEqualTo(1);
        assertThat(PageTableEntry.index(address, 2)).isEqualTo(2);
        assertThat(PageTableEntry.index(address, 1)).isEqualTo(3);
        assertThat(PageTableEntry.index(address, 0)).isEqualTo(511);
        assertThat(PageTableEntry.pageBytes(0)).isEqualTo(4096);
        assertThat(PageTableEntry.pageBytes(1)).isEqualTo(2 << 20);
        assertThat(PageTableEntry.pageBytes(2)).isEqualTo(1 << 30);
    }

    @Test
    void onlyTheLowerHalfIsCanonical() {
        assertThat(PageTableEntry.canonical(0x0000_7fff_ffff_ffffL)).isTrue();
        assertThat(PageTableEntry.canonical(0x0000_8000_0000_0000L)).isFalse();
        assertThat(PageTableEntry.canonical(0xffff_8000_0000_0000L)).isFalse();
        assertThat(PageTableEntry.canonical(-1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7, 8, 9, 10, 11, 52, 62, 63})
    void aReservedBitIsMalformedAtEveryLevel(int bit) {
        for (int level = 0; level <= 2; level++) {
            assertThat(PageTableEntry.malformed(PageTableEntry.leaf(level, 0, READ) | 1L << bit, level)).isTrue();
        }
        assertThat(PageTableEntry.malformed(PageTableEntry.table(0x1000) | 1L << bit, 3)).isTrue();
    }

    @Test
    void malformedAreTheLeavesAndTablesThatTheLevelForbids() {
        assertThat(PageTableEntry.malformed(PageTableEntry.table(0x1000), 0)).as("level 0 must be a leaf").isTrue();
        assertThat(PageTableEntry.malformed(0x13, 3)).as("no leaf in the root").isTrue();
        assertThat(PageTableEntry.malformed(0x1013, 1)).as("a leaf of 2 MiB at 4 KiB").isTrue();
        assertThat(PageTableEntry.malformed(0x0020_0013, 2)).as("a leaf of 1 GiB at 2 MiB").isTrue();
        assertThat(PageTableEntry.malformed(0x1003, 1)).as("a table with a right").isTrue();
        assertThat(PageTableEntry.malformed(0x1021, 1)).as("a table in host memory").isTrue();
        assertThat(PageTableEntry.malformed(0x1013, 0)).isFalse();
        assertThat(PageTableEntry.malformed(0x1001, 3)).isFalse();
        assertThat(PageTableEntry.malformed(0x4000_0013, 2)).isFalse();
    }

    @Test
    void whatTheFormatCannotHoldIsRefused() {
        assertThatThrownBy(() -> PageTableEntry.table(0x1001)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0x1001");
        assertThatThrownBy(() -> PageTableEntry.leaf(1, 0x1000, READ)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PageTableEntry.leaf(3, 0, READ)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PageTableEntry.leaf(0, 1L << 52, READ)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PageTableEntry.leaf(0, 0, 1L << 6)).isInstanceOf(IllegalArgumentException.class);
    }
}
