package dev.openppu.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.harness.sim.work.StepSet;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.Strike;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What campaigns take from a command line. */
class SpellingTest {
    @Test
    void strikesAreReadAsTheyAreWritten() {
        List<Strike> strikes = List.of(new Strike(FaultPoint.DMA_TORN, 17, 0x5a3f), new Strike(FaultPoint.REMOVAL, 1, -1));
        assertThat(Strike.script(strikes)).isEqualTo("dma-torn@17:5a3f,removal@1:ffffffffffffffff");
        assertThat(Strike.parse(Strike.script(strikes))).isEqualTo(strikes);
        assertThat(Strike.parse(" removal@3 , ")).containsExactly(new Strike(FaultPoint.REMOVAL, 3, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"removal", "nothing@1", "removal@x", "removal@0", "removal@1:0", "removal@1:xyz", "removal@-1", "removal@"})
    void aScriptThatMeansNothingIsRefused(String script) {
        assertThatThrownBy(() -> Strike.parse(script)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stepsAreReadAsTheyAreWritten() {
        assertThat(StepSet.parse("40,0-2,77, 3").toString()).isEqualTo("0-3,40,77");
        assertThat(StepSet.parse("none")).hasToString("none").isEqualTo(new StepSet(new BitSet()));
        assertThat(StepSet.parse("5").contains(5)).isTrue();
        assertThat(StepSet.parse("5").contains(4)).isFalse();
        assertThat(StepSet.parse("0-3,40")).isEqualTo(StepSet.parse("40,0,1,2,3")).hasSameHashCodeAs(StepSet.parse("0-3,40"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "3-1", "-", "1-", "99999999999"})
    void stepsThatMeanNothingAreRefused(String steps) {
        assertThatThrownBy(() -> StepSet.parse(steps)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everySeedIsInExactlyOneShare() {
        for (int shards = 1; shards <= 7; shards++) {
            for (long last : new long[]{5, 9, 10, 11, 40}) {
                List<Long> all = new ArrayList<>();
                for (int shard = 1; shard <= shards; shard++) {
                    SeedRange share = SeedRange.parse("5.." + last).share(shard + "/" + shards);
                    assertThat(share.seeds().count()).isEqualTo(share.count());
                    share.seeds().forEach(all::add);
                }
                assertThat(all).containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(5, last).boxed().toList());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "3..1", "1...2", "-1", "1..", "..3"})
    void seedsThatMeanNothingAreRefused(String seeds) {
        assertThatThrownBy(() -> SeedRange.parse(seeds)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "0/2", "3/2", "a/b", "1/0", "/"})
    void sharesThatMeanNothingAreRefused(String share) {
        assertThatThrownBy(() -> SeedRange.parse("1..9").share(share)).isInstanceOf(IllegalArgumentException.class);
    }
}
