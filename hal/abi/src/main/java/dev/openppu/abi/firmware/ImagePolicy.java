package dev.openppu.abi.firmware;

import java.util.List;

/**
 * What a device accepts.
 *
 * @param trusted keys whose images boot
 * @param target the device's profile family
 * @param lowestSecurityVersion the anti-rollback counter, unsigned
 */
public record ImagePolicy(List<FirmwareKey> trusted, int target, int lowestSecurityVersion) {
    public ImagePolicy {
        trusted = List.copyOf(trusted);
    }
}
