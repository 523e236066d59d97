package dev.openppu.model.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.posix.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryApertureTest {
    private static final long MIB = 1 << 20;
    private static final long SIZE = 4 * MIB;
    private static final long LIMIT = 15 * MIB;
    private static final long WORD = 0x3008;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final Arena arena = Arena.ofShared();
    private final SparseMemory memory = new SparseMemory(HostMemory.reserve(16 * MIB, arena));
    private final MemoryAperture aperture = new MemoryAperture(memory, LIMIT, SIZE);
    private final List<String> found = new ArrayList<>();

    @BeforeEach
    void open() {
        aperture.renew();
        memory.correction().report((word, corrected) -> found.add(Long.toHexString(word) + (corrected ? " corrected" : " lost")));
    }

    @AfterEach
    void close() {
        aperture.close();
        arena.close();
    }

    private MemorySegment mapping() {
        return aperture.file().segment();
    }

    @Test
    void readingWhatNobodyHasWrittenFillsNoPageOfTheFile() {
        mapping().set(LONG, 2 * MIB, 1);
        memory.read(0, MemorySegment.ofArray(new byte[(int) SIZE]));
        assertThat(memory.load(0x5000, 8)).isZero();
        assertThat(memory.nextWritten(0, SIZE)).isEqualTo(2 * MIB);
        assertThat(memory.written(0, SIZE).byteSize()).isZero();
        memory.copy(0, 8 * MIB, SIZE);
        memory.clear(0, MIB);
        assertThat(memory.load(10 * MIB, 8)).isEqualTo(1);
        assertThat(aperture.file().nextTouched(0, SIZE)).isEqualTo(2 * MIB);
        assertThat(aperture.file().nextUntouched(2 * MIB, SIZE)).isEqualTo(2 * MIB + 4096);
    }

    @Test
    void whatWasOnlyLookedAtLeavesNoPagesBehindWhenTheWindowMoves() {
        assertThat(mapping().get(LONG, 0x7000)).isZero();
        memory.store(0x9000, 8, 9);
        aperture.show(5 * MIB);
        assertThat(memory.isWritten(0x7000)).isFalse();
        assertThat(memory.load(0x9000, 8)).isEqualTo(9);
        assertThat(aperture.file().nextTouched(0, SIZE)).isEqualTo(SIZE);
    }

    @Test
    void aLossOfPowerLeavesNothing() {
        mapping().set(LONG, 0x1000, 1);
        memory.store(8 * MIB, 8, 2);
        memory.forget();
        assertThat(mapping().get(LONG, 0x1000)).isZero();
        aperture.show(8 * MIB);
        assertThat(mapping().get(LONG, 0)).isZero();
    }

    @Test
    void aSingleWrongBitIsNotSeenAndIsCountedWhenADeviceReads() {
        memory.store(WORD, 8, 810);
        memory.correction().flip(WORD, 4);
        assertThat(mapping().get(LONG, WORD)).isEqualTo(810);
        assertThat(memory.correction().check(WORD, 8)).isEqualTo(-1);
        assertThat(memory.load(WORD, 8)).isEqualTo(810);
        assertThat(mapping().get(LONG, WORD)).isEqualTo(810);
        assertThat(found).containsExactly("3008 corrected");
    }

    @Test
    void aWordThatCannotBeReadIsAllOnes() {
        memory.store(WORD, 8, 810);
        memory.correction().flip(WORD, 6);
        assertThat(mapping().get(LONG, WORD)).isEqualTo(-1);
        assertThat(memory.correction().check(WORD, 8)).isEqualTo(WORD);
        assertThat(found).containsExactly("3008 lost");
        memory.correction().flip(WORD, 6);
        assertThat(mapping().get(LONG, WORD)).isEqualTo(810);
    }

    @Test
    void whoOverwritesAWrongWordMakesItRight() {
        memory.store(WORD, 8, 810);
        memory.correction().flip(WORD, 6);
        mapping().set(LONG, WORD, 811);
        assertThat(memory.correction().check(WORD, 8)).isEqualTo(-1);
        assertThat(memory.load(WORD, 8)).isEqualTo(811);
        memory.correction().flip(WORD, 6);
        memory.store(WORD, 8, 812);
        assertThat(mapping().get(LONG, WORD)).isEqualTo(812);
        assertThat(memory.correction().watching()).isFalse();
    }

    @Test
    void errorsGoWithTheMemoryWhenTheWindowMoves() {
        memory.store(WORD, 8, 810);
        memory.store(6 * MIB, 8, 811);
        memory.correction().flip(WORD, 4);
        memory.correction().flip(6 * MIB, 6);
        aperture.show(5 * MIB);
        assertThat(mapping().get(LONG, MIB)).isEqualTo(-1);
        assertThat(memory.correction().check(WORD, 8)).isEqualTo(-1);
        assertThat(memory.load(WORD, 8)).isEqualTo(810);
        assertThat(found).containsExactly("3008 corrected");
        aperture.show(0);
        assertThat(memory.correction().check(6 * MIB, 8)).isEqualTo(6 * MIB);
    }

    @Test
    void withoutCorrectionWhatIsStoredIsSeen() {
        memory.store(WORD, 8, 810);
        memory.correction().flip(WORD, 6);
        memory.correction().enable(false);
        assertThat(mapping().get(LONG, WORD)).isEqualTo(810 ^ 6);
        memory.correction().enable(true);
        assertThat(mapping().get(LONG, WORD)).isEqualTo(-1);
    }

    @Test
    void theFirmwaresPartIsACopy() {
        memory.store(LIMIT, 8, 1);
        aperture.show(13 * MIB);
        assertThat(mapping().get(LONG, 2 * MIB)).isEqualTo(1);
        mapping().set(LONG, 2 * MIB, 2);
        assertThat(memory.load(LIMIT, 8)).isEqualTo(1);
        assertThat(mapping().get(LONG, 3 * MIB)).isEqualTo(-1);
    }
}
