package dev.openppu.model.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedCopyTest {
    private final SharedCopy copies = new SharedCopy();

    @Test
    void allBytesAreThereAndNoOthersWhoeverCopiedThem() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong helped = new AtomicLong();
        List<Thread> helpers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            helpers.add(Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    if (copies.help()) {
                        helped.incrementAndGet();
                    } else {
                        Thread.onSpinWait();
                    }
                }
            }));
        }
        Random random = new Random(5);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment from = arena.allocate(4 << 20, 64);
            MemorySegment to = arena.allocate(4 << 20, 64);
            for (int i = 0; i < 400 || helped.get() == 0; i++) { // until the helpers have had a processor
                int bytes = random.nextInt(random.nextBoolean() ? 64 << 10 : 1 << 20);
                int at = random.nextInt(1 << 20);
                int there = random.nextInt(1 << 20);
                from.asSlice(at, bytes).fill((byte) random.nextInt());
                from.set(ValueLayout.JAVA_BYTE, at + Math.max(0, bytes - 1), (byte) i);
                byte before = to.get(ValueLayout.JAVA_BYTE, there + bytes);
                copies.copy(from, at, to, there, bytes);
                assertThat(to.asSlice(there, bytes).mismatch(from.asSlice(at, bytes))).isEqualTo(-1);
                assertThat(to.get(ValueLayout.JAVA_BYTE, there + bytes)).isEqualTo(before);
            }
        } finally {
            over.set(true);
            for (Thread helper : helpers) {
                helper.join();
            }
        }
        assertThat(helped).as("pieces that others took").hasPositiveValue();
    }

    @Test
    void withoutHelpItIsCopiedAllTheSame() {
        MemorySegment from = MemorySegment.ofArray(new byte[300_001]).fill((byte) 7);
        MemorySegment to = MemorySegment.ofArray(new byte[300_001]);
        copies.copy(from, 0, to, 0, 300_001);
        assertThat(to.mismatch(from)).isEqualTo(-1);
        assertThat(copies.help()).as("nothing is left to do").isFalse();
    }

    @Test
    void memoryThatItsOwnerClosedIsAnErrorOfTheCopyAndNotOfWhoHelps() {
        Arena arena = Arena.ofShared();
        MemorySegment gone = arena.allocate(1 << 20);
        MemorySegment to = MemorySegment.ofArray(new byte[1 << 20]);
        arena.close();
        assertThatThrownBy(() -> copies.copy(gone, 0, to, 0, 1 << 20)).isInstanceOf(IllegalStateException.class);
        copies.copy(MemorySegment.ofArray(new byte[1 << 20]).fill((byte) 1), 0, to, 0, 1 << 20);
        assertThat(to.get(ValueLayout.JAVA_BYTE, (1 << 20) - 1)).as("the next one goes on").isEqualTo((byte) 1);
    }
}
