package dev.openppu.hal.pci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    private static final int HAS_LIST = 1 << 4;

    private static FakeConfigSpace function() {
        return new FakeConfigSpace(4096).put(0x00, 4, 0x6001_1ded).put(0x06, 2, HAS_LIST);
    }

    @Test
    void bothListsAreWalkedInTheirOrder() {
        FakeConfigSpace config = function().put(0x34, 1, 0x40).put(0x40, 2, 0x8001).put(0x80, 2, 0x6011).put(0x60, 2, 0x0010)
                .put(0x100, 4, 0x0001 | 2 << 16 | 0x150 << 20).put(0x150, 4, 0x0003 | 1 << 16);
        assertThat(Capabilities.walk(config)).containsExactly(new Capability(0x01, 0x40, false, 0), new Capability(0x11, 0x80, false, 0),
                new Capability(0x10, 0x60, false, 0), new Capability(0x0001, 0x100, true, 2), new Capability(0x0003, 0x150, true, 1));
        assertThat(Capabilities.find(config, 0x11)).map(Capability::offset).hasValue(0x80);
        assertThat(Capabilities.findExtended(config, 0x0003)).map(Capability::offset).hasValue(0x150);
        assertThat(Capabilities.find(config, 0x0003)).isEmpty();
    }

    @Test
    void aFunctionThatDoesNotAnswerHasNone() {
        assertThat(Capabilities.walk(new FakeConfigSpace(4096).fill(0xff))).isEmpty();
    }

    @Test
    void withoutTheStatusBitThePointerMeansNothing() {
        assertThat(Capabilities.walk(function().put(0x06, 2, 0).put(0x34, 1, 0x40).put(0x40, 2, 0x0001))).isEmpty();
    }

    @Test
    void aLoopEndsTheWalkWithEachCapabilityOnce() {
        FakeConfigSpace config = function().put(0x34, 1, 0x40).put(0x40, 2, 0x5001).put(0x50, 2, 0x4005)
                .put(0x100, 4, 0x0001 | 1 << 16 | 0x200 << 20).put(0x200, 4, 0x0002 | 1 << 16 | 0x100 << 20);
        assertThat(Capabilities.walk(config)).extracting(Capability::offset).containsExactly(0x40, 0x50, 0x100, 0x200);
    }

    @Test
    void aCapabilityThatPointsToItselfIsFoundOnce() {
        FakeConfigSpace config = function().put(0x34, 1, 0x40).put(0x40, 2, 0x4001).put(0x100, 4, 0x0001 | 1 << 16 | 0x100 << 20);
        assertThat(Capabilities.walk(config)).hasSize(2);
    }

    @Test
    void pointersIntoTheHeaderEndTheWalk() {
        assertThat(Capabilities.walk(function().put(0x34, 1, 0x04))).isEmpty();
        assertThat(Capabilities.walk(function().put(0x34, 1, 0x40).put(0x40, 2, 0x3c01))).hasSize(1);
        assertThat(Capabilities.walk(function().put(0x100, 4, 0x0001 | 1 << 16 | 0x0f0 << 20))).hasSize(1);
    }

    @Test
    void theLowestTwoPointerBitsAreReservedAndMasked() {
        assertThat(Capabilities.walk(function().put(0x34, 1, 0x43).put(0x40, 2, 0x0001))).extracting(Capability::offset)
                .containsExactly(0x40);
    }

    @Test
    void anEmptyCapabilityIdIsSkippedAndItsPointerFollowed() {
        assertThat(Capabilities.walk(function().put(0x34, 1, 0x40).put(0x40, 2, 0x5000).put(0x50, 2, 0x0005))).extracting(Capability::id)
                .containsExactly(0x05);
    }

    @Test
    void capabilitiesOfAllOnesEndTheWalk() {
        FakeConfigSpace config = function().put(0x34, 1, 0x40).put(0x40, 4, -1).put(0x100, 4, -1);
        assertThat(Capabilities.walk(config)).isEmpty();
    }

    @Test
    void aFunctionOf256BytesHasNoExtendedList() {
        FakeConfigSpace config = new FakeConfigSpace(256).put(0x00, 4, 0x11e8_1234).put(0x06, 2, HAS_LIST).put(0x34, 1, 0x40).put(0x40, 2,
                0x0005);
        assertThat(Capabilities.walk(config)).hasSize(1);
    }

    @Test
    void aListAtTheVeryEndStaysInside() {
        FakeConfigSpace config = function().put(0x34, 1, 0xfc).put(0xfc, 2, 0x0001).put(0x100, 4, 0x0001 | 1 << 16 | 0xffc << 20).put(0xffc,
                4,
                0x0002 | 1 << 16);
        assertThat(Capabilities.walk(config)).extracting(Capability::offset).containsExactly(0xfc, 0x100, 0xffc);
    }

    @RepeatedTest(200)
    void garbageNeitherEndsInAnExceptionNorInALoop(RepetitionInfo repetition) {
        FakeConfigSpace config = new FakeConfigSpace(repetition.getCurrentRepetition() % 2 == 0 ? 256 : 4096);
        new Random(repetition.getCurrentRepetition()).nextBytes(config.bytes);
        config.put(0x06, 2, HAS_LIST);
        assertThat(Capabilities.walk(config)).doesNotHaveDuplicates();
    }
}
