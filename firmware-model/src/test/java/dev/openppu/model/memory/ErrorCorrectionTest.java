package dev.openppu.model.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.posix.HostMemory;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ErrorCorrectionTest {
    private static final long SOON_MILLIS = 10_000;

    private final SparseMemory memory = new SparseMemory(HostMemory.reserve(1 << 20, Arena.ofAuto()));
    private final ErrorCorrection code = memory.correction();

    @Test
    void whatIsFoundIsToldInOrderUpToTheFirstWordThatCannotBeRead() {
        List<String> told = new ArrayList<>();
        code.report((word, corrected) -> told.add(word + (corrected ? " corrected" : " lost")));
        code.flip(16, 1);
        code.flip(32, 3);
        code.flip(48, 1);
        assertThat(code.check(0, 64)).isEqualTo(32);
        assertThat(told).containsExactly("16 corrected", "32 lost");
        assertThat(memory.load(16, 8)).isZero();
        assertThat(code.check(40, 24)).isEqualTo(-1);
        assertThat(told).endsWith("48 corrected");
    }

    /** The device's own thread has the device to itself and reads memory, while a compute unit that has found an error waits for the device. */
    @Test
    void whoHearsOfAnErrorMayWaitForAnotherReader() {
        AtomicBoolean read = new AtomicBoolean();
        code.report((word, corrected) -> {
            if (word == 16) {
                read.set(ends(() -> code.check(64, 8)));
            }
        });
        code.flip(16, 1);
        code.flip(64, 1);
        assertThat(code.check(0, 32)).isEqualTo(-1);
        assertThat(read).isTrue();
    }

    private static boolean ends(Runnable body) {
        Thread reader = Thread.ofPlatform().daemon().start(body);
        try {
            reader.join(SOON_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !reader.isAlive();
    }
}
