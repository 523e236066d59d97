package dev.openppu.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.work.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Every seed is lived, or the campaign says that it was not. */
class CampaignTest {
    private static final Campaign CAMPAIGN = new Campaign("zw810e", SeedRange.parse("1..20"), FaultProfile.find("none").orElseThrow(),
            Workload.find("mixed").orElseThrow(), Optional.empty(), Optional.empty(), Rules.ALL, 10);

    private static final Duration LONG = Duration.ofMinutes(5);

    private static LifeResult passed(LifeSpec spec) {
        return new LifeResult(spec, Optional.empty(), List.of(), 1, 0, 1, 1);
    }

    @Test
    void everySeedIsLivedOnce() {
        Set<Long> seeds = ConcurrentHashMap.newKeySet();
        CampaignResult result = CAMPAIGN.run(3, life -> assertThat(seeds.add(life.spec().seed())).isTrue(), CampaignTest::passed,
                _ -> true, LONG);
        assertThat(result.lives()).isEqualTo(20);
        assertThat(seeds).hasSize(20);
    }

    @Test
    void aLifeThatCannotBeLivedToItsEndIsNoneThatPassed() {
        assertThatThrownBy(() -> CAMPAIGN.run(2, _ -> {}, spec -> {
            if (spec.seed() == 7) {
                throw new StackOverflowError("on purpose");
            }
            return passed(spec);
        }, _ -> true, LONG)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ppu sim --seeds 7 --faults none --workload mixed")
                .hasMessageContaining("on purpose");
    }

    @Test
    void aLifeThatNeverEndsFailsAndEndsTheCampaign() {
        CountDownLatch looked = new CountDownLatch(1);
        CampaignResult result = CAMPAIGN.run(1, _ -> {}, spec -> {
            while (spec.seed() == 3 && looked.getCount() > 0) {
                Thread.onSpinWait();
            }
            return passed(spec);
        }, _ -> true, Duration.ofMillis(500));
        looked.countDown();
        assertThat(result.lives()).isEqualTo(3);
        assertThat(result.failures()).singleElement().satisfies(life -> {
            assertThat(life.spec().seed()).isEqualTo(3);
            assertThat(life.ended()).isFalse();
            assertThat(life.violation().orElseThrow()).hasMessageContaining("not ended within").hasMessageContaining("CampaignTest");
        });
    }
}
