package dev.openppu.model.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnsTest {
    private static int[] turnsOf(Turns turns, int waiting, int rounds) {
        int[] had = new int[Turns.LEVELS];
        for (int i = 0; i < rounds; i++) {
            had[turns.next(waiting)]++;
        }
        return had;
    }

    @Test
    void theHighestGoesFirstAndEveryOtherGetsOneTurnAfterItsPatience() {
        assertThat(turnsOf(new Turns(4), 0b1001, 50)).containsExactly(10, 0, 0, 40);
        assertThat(turnsOf(new Turns(4), 0b1000, 7)).containsExactly(0, 0, 0, 7);
        int[] all = turnsOf(new Turns(4), 0b1111, 700);
        assertThat(all[3]).isGreaterThan(all[0] + all[1] + all[2] - 700 / 2);
        assertThat(all[0]).as("the lowest of four").isGreaterThan(50);
    }

    @Test
    void whoDoesNotWaitGathersNoPatience() {
        Turns turns = new Turns(2);
        turnsOf(turns, 0b0010, 100);
        assertThat(turns.next(0b0011)).isEqualTo(1);
        assertThat(turns.next(0b0011)).isEqualTo(1);
        assertThat(turns.next(0b0011)).isEqualTo(0);
    }

    @Test
    void queuesOfOnePriorityTakeTurns() {
        Arbiter arbiter = new Arbiter();
        int[] served = new int[64];
        for (int i = 0; i < 300; i++) {
            arbiter.add(5, 1);
            arbiter.add(63, 1);
            arbiter.add(0, 1);
            served[arbiter.next()]++;
        }
        assertThat(served[5]).isEqualTo(100);
        assertThat(served[63]).isEqualTo(100);
        assertThat(served[0]).isEqualTo(100);
        arbiter.clear();
        assertThat(arbiter.next()).isEqualTo(-1);
        assertThat(arbiter.empty()).isTrue();
    }
}
