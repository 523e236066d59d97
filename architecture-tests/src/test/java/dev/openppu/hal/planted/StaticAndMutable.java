package dev.openppu.hal.planted;

/** Planted: all devices of a process share a counter. */
public final class StaticAndMutable {
    private static int counter;

    private StaticAndMutable() {}

    public static int next() {
        return counter++;
    }
}
