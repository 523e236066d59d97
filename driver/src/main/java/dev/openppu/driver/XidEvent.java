package dev.openppu.driver;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.error.Remedy;
import dev.openppu.abi.error.Xid;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An XID that the device reported.
 *
 * @param number XID number; {@link #xid()} is empty if it is not a published one
 * @param exception {@code PPU_EXCEPTION} number, {@link DeviceException#NONE} if none
 * @param context context concerned, if any
 * @param queue hardware queue concerned, if any
 * @param address virtual address, or 0
 * @param pc virtual address of the instruction, or 0
 * @param deviceNanos device time
 */
public record XidEvent(int number, int exception, OptionalInt context, OptionalInt queue, long address, long pc, long deviceNanos) {

    public Optional<Xid> xid() {
        return Xid.of(number);
    }

    public Optional<DeviceException> deviceException() {
        return DeviceException.of(exception);
    }

    /** What the published table advises; relaunching for an unknown number. */
    public Remedy remedy() {
        return xid().map(Xid::remedy).orElse(Remedy.RELAUNCH);
    }
}
