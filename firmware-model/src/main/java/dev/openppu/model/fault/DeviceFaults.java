package dev.openppu.model.fault;

/** What a {@link FaultInjector} can do to the device behind the function: called under the device's exclusion. */
public interface DeviceFaults {
    /** The firmware that runs now fails, as a mistake in it would make it fail. */
    void crashFirmware(String reason);

    /** The firmware that runs now goes on without looking at anything: no heartbeat, no reply. */
    void hangFirmware();

    /** Whatever the firmware hears of from now on reaches it that much later. */
    void slowFirmware(long nanos);

    /** Turns stored bits of the word of device memory at {@code address} over. */
    void flipBits(long address, long bits);

    /** Whether stored bits of that word have turned over and nobody has read or written it since. */
    boolean isWrong(long address);

    /** The air around the device gets this warm. */
    void ambient(double celsius);

    /** The die gets this warm at once, as behind a heat sink that has come off. */
    void heat(double celsius);

    /** The board's power brake is pulled, or let go. */
    void powerBrake(boolean pulled);

    /** Power goes at the {@code count}th flash operation from now on, half of which is done, or all of it. */
    void losePowerAtFlashOperation(int count, boolean half);
}
