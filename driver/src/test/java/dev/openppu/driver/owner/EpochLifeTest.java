package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Failure;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.fake.FakeDevice;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.WaitInterruptedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochLifeTest {
    private final PpuException mistake = new PpuException(
            Failure.of(HgResult.INVALID_VALUE, "fake", "context 1", "nothing is there", "give back what is"));

    private final List<PpuException> losses = new ArrayList<>();
    private final EpochLife life = new EpochLife(new DeviceAccess(new FakeDevice()), losses::add);

    /** As whatever asks it for something does; who gives something back need not know. */
    @Test
    void aLinkThatFailsWhileSomethingIsGivenBackLosesTheDevice() {
        assertThat(life.giveBack(EpochLifeTest::noLink, failure -> false)).isTrue();
        assertThat(losses).singleElement().isInstanceOf(DeviceLostException.class);
        assertThat(losses.getFirst()).hasMessageContaining("planted").hasCauseInstanceOf(LinkException.class);
    }

    @Test
    void aMistakeOfTheCallersIsTheCallers() {
        assertThatThrownBy(() -> life.giveBack(this::makeMistake, failure -> false)).isSameAs(mistake);
        assertThat(losses).isEmpty();
        assertThat(life.giveBack(this::makeMistake)).isTrue();
        assertThat(losses).containsExactly(mistake);
    }

    @Test
    void anInterruptIsNoLoss() {
        assertThatThrownBy(() -> life.giveBack(() -> {
            throw new WaitInterruptedException("planted");
        })).isInstanceOf(WaitInterruptedException.class);
        assertThat(losses).isEmpty();
    }

    /** Who is turned away is not waited for: the next epoch could not begin. */
    @Test
    void anEpochThatEndsWaitsForThoseInsideOnly() {
        assertThat(life.<Boolean>during(() -> life.end(0))).as("somebody is inside").isFalse();
        assertThat(life.giveBack(() -> {})).isFalse();
        assertThatThrownBy(() -> life.during(() -> 0)).isInstanceOfSatisfying(PpuException.class,
                e -> assertThat(e.hgresult()).isEqualTo(HgResult.DEINITIALIZED));
        assertThat(life.end(0)).as("nobody is inside").isTrue();
    }

    private static void noLink() {
        throw new LinkException("planted");
    }

    private void makeMistake() {
        throw mistake;
    }
}
