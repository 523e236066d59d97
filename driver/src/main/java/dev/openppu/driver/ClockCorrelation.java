package dev.openppu.driver;

/**
 * One instant on two clocks: the device's, of its time stamps and XIDs, and the host's, of {@link dev.openppu.hal.LinkRuntime#nanos()}.
 *
 * <p>The device's clock was read between two readings of the host's; the instant is the middle, and may be off by half of what lay between. Two correlations with
 * some time between them show how fast one clock runs against the other: {@link #drift}.
 *
 * @param hostNanos the host's clock
 * @param deviceNanos the device's clock at that instant
 * @param uncertaintyNanos how far off {@code hostNanos} may be, either way
 */
public record ClockCorrelation(long hostNanos, long deviceNanos, long uncertaintyNanos) {

    /** When on the host's clock a device time stamp was taken, if both clocks run alike. */
    public long toHost(long deviceTime) {
        return hostNanos + (deviceTime - deviceNanos);
    }

    /** When on the device's clock something happened that the host timed, if both clocks run alike. */
    public long toDevice(long hostTime) {
        return deviceNanos + (hostTime - hostNanos);
    }

    /**
     * Nanoseconds that the device's clock gains on the host's per second, from an earlier correlation of the same device; 0 if no time lies between them.
     */
    public double drift(ClockCorrelation earlier) {
        double host = hostNanos - earlier.hostNanos;
        return host == 0 ? 0 : (deviceNanos - earlier.deviceNanos - host) / host * 1e9;
    }
}
