package dev.openppu.abi.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessageAbiTest {

    @Test
    void theHighestCommonMajorIsAgreed() {
        assertThat(new MessageAbi(1, 3, 2).agree(new MessageAbi(2, 5, 0))).contains(new MessageAbi.Agreed(3, 2));
        assertThat(new MessageAbi(2, 2, 7).agree(new MessageAbi(1, 2, 4))).contains(new MessageAbi.Agreed(2, 4));
    }

    @Test
    void withoutACommonMajorNothingIsAgreed() {
        assertThat(new MessageAbi(1, 1, 9).agree(new MessageAbi(2, 4, 0))).isEmpty();
        assertThat(new MessageAbi(2, 4, 0).agree(new MessageAbi(1, 1, 9))).isEmpty();
    }

    @Test
    void packedAsTheHeaderHoldsIt() {
        assertThat(new MessageAbi(1, 2, 3).pack()).isEqualTo(0x030201);
        assertThat(MessageAbi.unpack(0x030201)).contains(new MessageAbi(1, 2, 3));
        assertThat(MessageAbi.unpack(0x0102)).as("lowest above highest").isEmpty();
        assertThat(MessageAbi.unpack(0)).isEmpty();
        assertThat(MessageAbi.unpack(0x1_000_101 | 1 << 24)).isEmpty();
        assertThat(new MessageAbi.Agreed(1, 2).pack()).isEqualTo(0x0102);
    }
}
