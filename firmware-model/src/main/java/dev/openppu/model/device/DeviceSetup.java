package dev.openppu.model.device;

import dev.openppu.abi.firmware.FirmwareKey;
import dev.openppu.abi.firmware.KeyKind;
import dev.openppu.model.profile.DeviceProfile;
import java.util.List;

/**
 * What makes one device different from another.
 *
 * @param serial unique to a device of a process
 * @param trusted keys whose firmware boots
 * @param lowestSecurityVersion where the anti-rollback counter stands when the device is made, unsigned
 */
public record DeviceSetup(DeviceProfile profile, long serial, List<FirmwareKey> trusted, int lowestSecurityVersion) {
    public DeviceSetup {
        trusted = List.copyOf(trusted);
    }

    /** A development device: trusts both shipped keys, counter at 1. */
    public static DeviceSetup development(DeviceProfile profile, long serial) {
        return new DeviceSetup(profile, serial, List.of(FirmwareKey.shipped(KeyKind.DEVELOPMENT), FirmwareKey.shipped(KeyKind.PRODUCTION)),
                1);
    }
}
