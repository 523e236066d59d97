package dev.openppu.model.planted;

import java.util.Random;

/** Planted: chance that no seed decides. */
public final class RollsDice {
    public int roll() {
        return new Random().nextInt(6);
    }
}
