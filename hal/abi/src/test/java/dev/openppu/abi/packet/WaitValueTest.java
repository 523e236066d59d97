package dev.openppu.abi.packet;

import static dev.openppu.abi.packet.WaitValuePacket.COMPARE_AND;
import static dev.openppu.abi.packet.WaitValuePacket.COMPARE_EQUAL;
import static dev.openppu.abi.packet.WaitValuePacket.COMPARE_GREATER_OR_EQUAL;
import static dev.openppu.abi.packet.WaitValuePacket.COMPARE_LESS_OR_EQUAL;
import static dev.openppu.abi.packet.WaitValuePacket.COMPARE_NOR;
import static dev.openppu.abi.packet.WaitValuePacket.FLAG_64_BIT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WaitValueTest {

    @Test
    void greaterOrEqualIsCyclic() {
        assertThat(WaitValuePacket.met(COMPARE_GREATER_OR_EQUAL, 5, 5)).isTrue();
        assertThat(WaitValuePacket.met(COMPARE_GREATER_OR_EQUAL, 4, 5)).isFalse();
        assertThat(WaitValuePacket.met(COMPARE_GREATER_OR_EQUAL, 3, 0xffff_fff0L)).as("32 bits wrap").isTrue();
        assertThat(WaitValuePacket.met(COMPARE_GREATER_OR_EQUAL | FLAG_64_BIT, 3, 0xffff_fff0L)).as("64 bits do not").isFalse();
        assertThat(WaitValuePacket.met(COMPARE_GREATER_OR_EQUAL | FLAG_64_BIT, Long.MIN_VALUE, Long.MAX_VALUE)).isTrue();
    }

    @Test
    void a32BitComparisonIgnoresTheUpperHalves() {
        assertThat(WaitValuePacket.met(COMPARE_EQUAL, 0x1_0000_0007L, 0x2_0000_0007L)).isTrue();
        assertThat(WaitValuePacket.met(COMPARE_EQUAL | FLAG_64_BIT, 0x1_0000_0007L, 0x2_0000_0007L)).isFalse();
        assertThat(WaitValuePacket.met(COMPARE_AND, 0x1_0000_0000L, 0x1_0000_0000L)).isFalse();
        assertThat(WaitValuePacket.met(COMPARE_NOR, 0xffff_fffeL, 1)).isFalse();
    }

    @Test
    void andNeedsACommonBitAndNorACommonZero() {
        assertThat(WaitValuePacket.met(COMPARE_AND, 6, 2)).isTrue();
        assertThat(WaitValuePacket.met(COMPARE_AND, 4, 2)).isFalse();
        assertThat(WaitValuePacket.met(COMPARE_NOR, 6, 2)).isTrue();
        assertThat(WaitValuePacket.met(COMPARE_NOR | FLAG_64_BIT, -2, 1)).isFalse();
    }

    @Test
    void lessOrEqualIsCyclic() {
        assertThat(WaitValuePacket.met(COMPARE_LESS_OR_EQUAL, 5, 5)).isTrue();
        assertThat(WaitValuePacket.met(COMPARE_LESS_OR_EQUAL, 6, 5)).isFalse();
        assertThat(WaitValuePacket.met(COMPARE_LESS_OR_EQUAL, 0xffff_fff0L, 3)).as("32 bits wrap").isTrue();
        assertThat(WaitValuePacket.met(COMPARE_LESS_OR_EQUAL | FLAG_64_BIT, 0xffff_fff0L, 3)).as("64 bits do not").isFalse();
        assertThat(WaitValuePacket.met(COMPARE_LESS_OR_EQUAL | FLAG_64_BIT, Long.MAX_VALUE - 3, Long.MAX_VALUE - 3)).isTrue();
        assertThat(WaitValuePacket.met(COMPARE_LESS_OR_EQUAL | FLAG_64_BIT, Long.MAX_VALUE - 2, Long.MAX_VALUE - 3)).isFalse();
        assertThat(WaitValuePacket.met(COMPARE_LESS_OR_EQUAL | FLAG_64_BIT, Long.MAX_VALUE, Long.MIN_VALUE)).as("wrapped").isTrue();
    }

    @Test
    void aFailedSignalIsBelowEveryReferenceThatAQueueCountsDownThrough() {
        for (long reference : new long[]{Long.MAX_VALUE, Long.MAX_VALUE - 1, 1, 0}) {
            assertThat(WaitValuePacket.met(COMPARE_LESS_OR_EQUAL | FLAG_64_BIT, -1, reference)).as("%d", reference).isTrue();
        }
    }

    @Test
    void undefinedComparisonsNeverHold() {
        assertThat(WaitValuePacket.met(5, 0, 0)).isFalse();
        assertThat(WaitValuePacket.defined(5)).isFalse();
        assertThat(WaitValuePacket.defined(COMPARE_LESS_OR_EQUAL | FLAG_64_BIT)).isTrue();
        assertThat(WaitValuePacket.defined(0x200)).isFalse();
        assertThat(WaitValuePacket.defined(COMPARE_NOR | FLAG_64_BIT)).isTrue();
    }
}
