package dev.openppu.model.power;

import dev.openppu.model.profile.DeviceProfile;

/**
 * The figures of one profile. Published: cap, clocks, idle draw. From another card's sample: slowdown and shutdown temperature. The rest is ours.
 *
 * @param idleWatts draw with nothing to do
 * @param lowestCap watts
 * @param highestCap watts, and the default
 * @param units compute units
 * @param copyEngines copy engines
 * @param megahertz highest clock of the units
 * @param memoryMegahertz clock of the memory
 */
record PowerLimits(int idleWatts, int lowestCap, int highestCap, int units, int copyEngines, int megahertz, int memoryMegahertz) {
    static final double SLOWDOWN = 92;
    static final double SHUTDOWN = 95;
    /** Where the clocks may rise again. */
    static final double RECOVERED = 89;
    static final int IDLE_MEGAHERTZ = 200;
    /** Clocks are multiples of it. */
    static final int STEP_MEGAHERTZ = 5;

    private static final double COPY_WATTS = 6;

    static PowerLimits of(DeviceProfile profile) {
        return new PowerLimits(profile.equipment().idleWatts(), profile.powerWatts() / 4, profile.powerWatts(), profile.computeUnits(),
                profile.copyEngines(), profile.unitMegahertz(), profile.memoryMegahertz());
    }

    /** Draw while so many units and copy engines are busy: that of the units goes with the square of their clock. */
    double watts(int busyUnits, int busyCopies, int clock) {
        double speed = (double) clock / megahertz;
        return fixed(busyCopies) + dynamic(busyUnits) * speed * speed;
    }

    /** The highest clock that keeps the draw within a cap. */
    int clockWithin(double cap, int busyUnits, int busyCopies) {
        double room = cap - fixed(busyCopies);
        double wanted = dynamic(busyUnits);
        if (wanted <= room) {
            return megahertz;
        }
        int clock = (int) (megahertz * Math.sqrt(Math.max(0, room) / wanted));
        return Math.max(IDLE_MEGAHERTZ, clock / STEP_MEGAHERTZ * STEP_MEGAHERTZ);
    }

    private double fixed(int busyCopies) {
        return idleWatts + busyCopies * COPY_WATTS;
    }

    private double dynamic(int busyUnits) {
        return units == 0 ? 0 : (highestCap - fixed(copyEngines)) * busyUnits / units;
    }
}
