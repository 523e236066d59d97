package dev.openppu.model.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChanceTest {
    /** SplitMix64's published sequence for seed 1234567. */
    @Test
    void theSequenceIsSplitMix64s() {
        Chance chance = new Chance(1234567);
        assertThat(new long[]{chance.bits(), chance.bits(), chance.bits()}).containsExactly(6457827717110365317L, 3203168211198807973L,
                -8629252141511181193L);
    }

    @Test
    void streamsDependOnSeedAndNameOnlyAndNotOnWhatWasDrawn() {
        Chance a = new Chance(5);
        long first = a.stream("x").bits();
        a.bits();
        assertThat(a.stream("x").bits()).isEqualTo(first);
        assertThat(a.stream("y").bits()).isNotEqualTo(first);
        assertThat(new Chance(6).stream("x").bits()).isNotEqualTo(first);
    }

    @Test
    void boundsAreKeptAndReached() {
        Chance chance = new Chance(1);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            long value = chance.between(-3, 3);
            assertThat(value).isBetween(-3L, 3L);
            seen.add(value);
        }
        assertThat(seen).hasSize(7);
        assertThatIllegalArgumentException().isThrownBy(() -> chance.below(0));
    }
}
