package dev.openppu.hal.mmio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Use after the end is an exception, whoever ends it. */
class MmioLifetimeTest {
    private static final int SIZE = 64;

    private static List<ThrowingCallable> accesses(Mmio mmio) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[8]);
        return List.of(() -> mmio.read8(0), () -> mmio.read16(0), () -> mmio.read32(0), () -> mmio.read64(0),
                () -> mmio.write8(0, (byte) 1), () -> mmio.write16(0, (short) 1), () -> mmio.write32(0, 1), () -> mmio.write64(0, 1),
                () -> mmio.readBytes(0, bytes), () -> mmio.writeBytes(0, bytes), () -> mmio.slice(0, 8).read8(0));
    }

    @Test
    void aClosedArenaEndsTheUseOfItsMemory() {
        Arena arena = Arena.ofShared();
        MappedMmio mmio = new MappedMmio(arena.allocate(SIZE, 8));
        Mmio slice = mmio.slice(8, 8);
        mmio.write32(0, 1);
        arena.close();
        accesses(mmio).forEach(access -> assertThatIllegalStateException().isThrownBy(access));
        accesses(slice).forEach(access -> assertThatIllegalStateException().isThrownBy(access));
    }

    @Test
    void retiringEndsTheUseOfPermanentMemoryAndItsSlices() {
        MemorySegment memory = Arena.global().allocate(SIZE, 8);
        MappedMmio mmio = MappedMmio.permanent(memory);
        Mmio slice = mmio.slice(8, 32);
        Mmio sliceOfSlice = slice.slice(0, 8);
        sliceOfSlice.write64(0, 5);
        mmio.retire();
        mmio.retire();
        for (Mmio window : List.of(mmio, slice, sliceOfSlice)) {
            accesses(window)
                    .forEach(access -> assertThatIllegalStateException().isThrownBy(access).withMessageContaining("no longer mapped"));
        }
        assertThat(new MappedMmio(memory).read64(8)).as("nothing was written after the end").isEqualTo(5);
    }

    @Test
    void memoryThatMayBeUnmappedIsNotPermanent() {
        try (Arena shared = Arena.ofShared(); Arena confined = Arena.ofConfined()) {
            for (MemorySegment memory : List.of(shared.allocate(SIZE, 8), confined.allocate(SIZE, 8), Arena.ofAuto().allocate(SIZE, 8),
                    MemorySegment.ofArray(new long[8]))) {
                assertThatIllegalArgumentException().isThrownBy(() -> MappedMmio.permanent(memory));
            }
        }
    }
}
