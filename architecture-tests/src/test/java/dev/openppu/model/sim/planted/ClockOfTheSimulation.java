package dev.openppu.model.sim.planted;

/** Planted: nothing; the simulation is where real time comes in. */
public final class ClockOfTheSimulation {
    public long now() {
        return System.nanoTime();
    }
}
