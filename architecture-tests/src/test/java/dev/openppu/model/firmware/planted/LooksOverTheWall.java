package dev.openppu.model.firmware.planted;

import dev.openppu.model.planted.LooksAtTheClock;

/** Planted: firmware holds an object of the model. */
public final class LooksOverTheWall {
    public String who() {
        return Thread.currentThread().getName();
    }

    public long cheat(LooksAtTheClock model) {
        return model.now();
    }
}
