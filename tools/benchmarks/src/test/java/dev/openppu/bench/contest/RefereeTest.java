package dev.openppu.bench.contest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.bench.contest.Target.JavaAtMost;
import dev.openppu.bench.contest.Target.RatioAtLeast;
import dev.openppu.bench.contest.Target.RatioAtMost;
import dev.openppu.bench.contest.Target.Reported;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RefereeTest {
    private final List<String> log = new ArrayList<>();

    /** Plays fixed values, a round each. */
    private class Scripted implements Contest {
        private final double[] javaValues;
        private final double[] cValues;
        private int javaRounds;
        private int cRounds;

        Scripted(double[] javaValues, double[] cValues) {
            this.javaValues = javaValues;
            this.cValues = cValues;
        }

        @Override
        public Round java() {
            log.add("java");
            return Round.of(8, javaValues[javaRounds++ % javaValues.length]);
        }

        @Override
        public double[] c() {
            log.add("c");
            return new double[]{cValues[cRounds++ % cValues.length]};
        }

        @Override
        public boolean comparable() {
            return cValues.length > 0;
        }

        @Override
        public void close() {
            log.add("closed");
        }
    }

    private LineResult play(Patience patience, Target target, Contest contest) {
        return new Referee(patience, _ -> {}).play(new Entry(List.of(new Metric("line", "ns", target, "")), () -> contest)).getFirst();
    }

    @Test
    void sidesTakeTurnsAndWhoBeginsChanges() {
        play(new Patience(1, 2, 2, 1), new Reported(), new Scripted(new double[]{1}, new double[]{1}));

        assertThat(log).containsExactly("java", "c", "java", "c", "c", "java", "closed");
    }

    @Test
    void aLineTellsMediansAndTheirRatio() {
        LineResult line = play(new Patience(0, 5, 5, 0), new RatioAtMost(2),
                new Scripted(new double[]{3, 900, 4, 5, 4}, new double[]{2, 2, 1, 70, 2}));

        assertThat(line.java()).isEqualTo(4);
        assertThat(line.c()).hasValue(2);
        assertThat(line.ratio()).hasValue(2);
        assertThat(line.ok()).contains(true);
        assertThat(line.bytesPerOperation()).hasValue(8);
    }

    @Test
    void valuesThatStandStillEndTheContestEarlyAndOthersDoNot() {
        assertThat(play(new Patience(0, 4, 50, 0.05), new Reported(), new Scripted(new double[]{10}, new double[]{10})).rounds())
                .isEqualTo(4);
        assertThat(play(new Patience(0, 4, 50, 0.05), new Reported(), new Scripted(new double[]{1, 100}, new double[]{10})).rounds())
                .isEqualTo(50);
    }

    @Test
    void withoutACSideJavaIsToldAlone() {
        LineResult line = play(new Patience(1, 3, 3, 1), new RatioAtLeast(0.8), new Scripted(new double[]{10}, new double[0]));

        assertThat(line.java()).isEqualTo(10);
        assertThat(line.c()).isEmpty();
        assertThat(line.ratio()).isEmpty();
        assertThat(line.ok()).as("nothing to compare with is no miss").isEmpty();
        assertThat(log).doesNotContain("c");
    }

    @Test
    void disturbedRoundsAreLeftOutIfEnoughOthersAreThere() {
        Contest contest = new Scripted(new double[]{10}, new double[]{10}) {
            private int round;

            @Override
            public Round java() {
                boolean disturb = round++ % 2 == 0;
                for (long end = System.nanoTime() + 5_000_000; !disturb && System.nanoTime() < end;) {
                    Thread.onSpinWait();
                }
                if (disturb) {
                    sleep();
                    return Round.of(0, 1000);
                }
                return super.java();
            }

            @Override
            public boolean busy() {
                return true;
            }
        };

        assertThat(play(new Patience(0, 3, 200, 0.01), new Reported(), contest).java()).isEqualTo(10);
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void targetsAreMetOrMissed() {
        OptionalDouble c = OptionalDouble.of(100);
        assertThat(new RatioAtMost(1.1).met(110, c)).contains(true);
        assertThat(new RatioAtMost(1.1).met(111, c)).contains(false);
        assertThat(new RatioAtLeast(0.8).met(80, c)).contains(true);
        assertThat(new RatioAtLeast(0.8).met(79, c)).contains(false);
        assertThat(new JavaAtMost(0).met(0, OptionalDouble.empty())).contains(true);
        assertThat(new JavaAtMost(0).met(0.5, OptionalDouble.empty())).contains(false);
        assertThat(new Reported().met(1, c)).isEmpty();
        assertThat(new RatioAtMost(1.1).text()).isEqualTo("<= 1.1 x C");
        assertThat(new RatioAtMost(2).text()).isEqualTo("<= 2 x C");
    }
}
