package dev.openppu.hal;

/**
 * What a laboratory does to a device's hardware and no register does: a model has it, a board on a test stand may. Suites use it where a link has it; a driver never does.
 *
 * <p>Thread-safe. Calls take effect at once; nothing here resets the device.
 */
public interface TestPoints {
    /**
     * Turns stored bits of one 64-bit word of device memory over, behind the back of its code.
     *
     * @param address of the word in device memory
     * @param bits which of the 64
     */
    void flipBits(long address, long bits);

    /** The firmware that runs now crashes, and leaves a record with this reason, of at most 512 bytes of UTF-8. */
    void crashFirmware(String reason);

    /** The die is at least this warm, in degrees Celsius; from then on it goes towards what air and draw make of it. */
    void heat(double celsius);

    /**
     * Power goes at the {@code count}th erase or program of the device's flash from now on, and comes back with the next cold reset: the device does not answer in between. A count that is never reached
     * takes an earlier call back.
     *
     * @param count 1 or more
     * @param half the operation is done by half, as a cut in its middle leaves it; else completely
     */
    void losePowerAtFlashOperation(int count, boolean half);
}
