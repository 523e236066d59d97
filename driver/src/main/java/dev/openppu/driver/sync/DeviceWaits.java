package dev.openppu.driver.sync;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Failure;
import dev.openppu.driver.PpuInterruptedException;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.WaitInterruptedException;
import java.util.function.Supplier;

/** What a link says when it cannot go on, in the words of the public interface. */
public final class DeviceWaits {
    private DeviceWaits() {}

    /**
     * Does what uses the link on behalf of a caller of the public interface.
     *
     * @param device names it, asked only in case of a failure
     * @throws PpuInterruptedException if the thread is interrupted while it waits
     * @throws DeviceLostException if the link was closed or has failed
     */
    public static <T> T call(Supplier<String> device, String object, Supplier<T> action) {
        try {
            return action.get();
        } catch (WaitInterruptedException e) {
            throw new PpuInterruptedException(device.get(), object, e);
        } catch (LinkException e) {
            throw lost(device.get(), object, e);
        }
    }

    /** The loss that a link's failure means. */
    public static DeviceLostException lost(String device, String object, LinkException e) {
        DeviceLostException lost = new DeviceLostException(Failure.of(HgResult.DEVICE_UNAVAILABLE, device, object,
                "its link does not go on: " + e.getMessage(), "close the device and open it again"));
        lost.initCause(e);
        return lost;
    }
}
