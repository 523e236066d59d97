package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.packet.Signal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class ReadIndexTest {
    private static final long WILD = 0xf9f7_c95d_c3d2_69e7L;

    private final MemorySegment memory = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private final ReadIndex index = new ReadIndex(memory);

    @Test
    void memoryIsBelievedUntilARegisterContradictsIt() {
        assertThat(index.taken()).isZero();
        Signal.publish(memory, 0, WILD);
        assertThat(index.taken()).isEqualTo(WILD);
        index.correct(index.told(), 2);
        assertThat(index.taken()).isEqualTo(2);
        assertThat(index.told()).isEqualTo(WILD);
    }

    @Test
    void whatTheDeviceWritesNextIsBelievedAgain() {
        Signal.publish(memory, 0, WILD);
        index.correct(WILD, 2);
        Signal.publish(memory, 0, 3);
        assertThat(index.taken()).isEqualTo(3);
    }

    @Test
    void aCorrectionThatMemoryHasOvertakenCountsForNothing() {
        Signal.publish(memory, 0, 4);
        index.correct(3, 4);
        assertThat(index.taken()).isEqualTo(4);
        Signal.publish(memory, 0, 5);
        assertThat(index.taken()).isEqualTo(5);
    }
}
