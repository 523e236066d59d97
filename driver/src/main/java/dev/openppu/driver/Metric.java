package dev.openppu.driver;

import java.util.Map;

/**
 * One value of a device at one moment, for whoever watches it: {@link Ppu#metrics}.
 *
 * @param name lower case with underscores, ending in its unit; counters end in {@code _total}
 * @param help one line
 * @param kind whether it only grows
 * @param labels what tells this value from others of the same name: a queue, an engine, a sensor; in a fixed order
 * @param value in base units: bytes, seconds, joules, watts, hertz, degrees Celsius
 */
public record Metric(String name, String help, Kind kind, Map<String, String> labels, double value) {
    /** How a value changes. */
    public enum Kind {
        /** Grows, and begins again at 0 when the device is reset. */
        COUNTER,
        /** Goes up and down. */
        GAUGE
    }

    public Metric {
        labels = Map.copyOf(labels);
    }
}
