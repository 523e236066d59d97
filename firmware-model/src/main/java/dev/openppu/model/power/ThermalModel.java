package dev.openppu.model.power;

/**
 * One thermal mass behind one thermal resistance: the die's temperature goes exponentially towards ambient plus resistance times power. Resistance and time constant
 * are ours; with them 57 W at 25 C settle at 32 C and 400 W at 73 C, and the published idle range of 24 to 43 C holds.
 */
final class ThermalModel {
    private static final double KELVIN_PER_WATT = 0.12;
    private static final double TIME_CONSTANT_NANOS = 20e9;
    /** The memory runs a little hotter above ambient than the die. */
    private static final double MEMORY_RISE = 1.1;

    private double ambient = 25;
    private double temperature = ambient;

    void ambient(double celsius) {
        ambient = celsius;
    }

    /** The die gets this warm at once, if it is not warmer. */
    void heat(double celsius) {
        temperature = Math.max(temperature, celsius);
    }

    /** The device was cold for long. */
    void cool() {
        temperature = ambient;
    }

    double temperature() {
        return temperature;
    }

    double memoryTemperature() {
        return ambient + (temperature - ambient) * MEMORY_RISE;
    }

    /** Time goes by at a constant power. */
    void advance(long nanos, double watts) {
        double end = settled(watts);
        temperature = end + (temperature - end) * Math.exp(-nanos / TIME_CONSTANT_NANOS);
    }

    /** Nanoseconds until the temperature is at a limit at this power; negative if it never is. */
    long nanosUntil(double limit, double watts) {
        double end = settled(watts);
        double ratio = (temperature - end) / (limit - end);
        return ratio >= 1 ? (long) Math.ceil(TIME_CONSTANT_NANOS * Math.log(ratio)) : -1;
    }

    private double settled(double watts) {
        return ambient + KELVIN_PER_WATT * watts;
    }
}
