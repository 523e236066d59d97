package dev.openppu.driver.owner;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.DeviceRefusedException;
import dev.openppu.driver.Failure;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister;
import java.util.List;

/**
 * Looks at a function's config space and says whether it is a device that this driver may touch. Nothing but config space is read, and nothing written: a 1ded:6001 without
 * OpenPPU's capability is somebody's real card.
 *
 * @param vendor PCI vendor id
 * @param deviceId PCI device id
 * @param revision revision id
 * @param classCode base class, sub-class and interface
 * @param capabilities both lists
 * @param abiMajor host interface version
 * @param abiMinor host interface version
 * @param profile profile number
 */
public record Probe(int vendor, int deviceId, int revision, int classCode, List<Capability> capabilities, int abiMajor, int abiMinor,
        int profile) {
    private static final int ABSENT = 0xffff;

    public Probe {
        capabilities = List.copyOf(capabilities);
    }

    /** @throws DeviceRefusedException if it is not a PPU of this driver's kind; the message says what it is */
    public static Probe of(DeviceLink link) {
        ConfigSpace config = link.config();
        int vendor = config.read16(PciRegister.Header.VENDOR_ID);
        int deviceId = config.read16(PciRegister.Header.DEVICE_ID);
        if (vendor == ABSENT) {
            throw refused(link, HgResult.NO_DEVICE, "the function does not answer: its vendor id reads all ones",
                    "check the link; wait if it was just reset");
        }
        if (vendor != PpuIds.VENDOR || deviceId != PpuIds.DEVICE) {
            throw refused(link, HgResult.INVALID_DEVICE,
                    "the function is %04x:%04x, not a PPU (%04x:%04x)".formatted(vendor, deviceId, PpuIds.VENDOR, PpuIds.DEVICE),
                    "name a link to a PPU");
        }
        List<Capability> capabilities = Capabilities.walk(config);
        Capability own = capabilities.stream().filter(c -> isOurs(config, c)).findFirst()
                .orElseThrow(() -> refused(link, HgResult.INVALID_DEVICE,
                        "the function lacks OpenPPU's vendor-specific capability: it is a real card, which has its own driver",
                        "use the vendor's driver, or a model"));
        int abi = config.read32(own.offset() + PpuIds.CAPABILITY_ABI_OFFSET);
        if (abi >>> 16 != PpuIds.ABI_MAJOR) {
            throw refused(link, HgResult.SYSTEM_DRIVER_MISMATCH,
                    "the device has host interface version %d.%d, this driver speaks %d.x".formatted(abi >>> 16,
                            abi & 0xffff, PpuIds.ABI_MAJOR),
                    "use a driver of the device's version");
        }
        int revisionAndClass = config.read32(PciRegister.Header.REVISION_ID);
        return new Probe(vendor, deviceId, revisionAndClass & 0xff, revisionAndClass >>> 8, capabilities, abi >>> 16, abi & 0xffff,
                config.read32(own.offset() + PpuIds.CAPABILITY_PROFILE_OFFSET));
    }

    private static boolean isOurs(ConfigSpace config, Capability capability) {
        return !capability.extended() && capability.id() == PciRegister.VendorSpecific.ID
                && config.read8(capability.offset() + PpuIds.CAPABILITY_LENGTH_OFFSET) == PpuIds.CAPABILITY_LENGTH
                && config.read8(capability.offset() + PpuIds.CAPABILITY_TYPE_OFFSET) == PpuIds.CAPABILITY_TYPE
                && config.read32(capability.offset() + PpuIds.CAPABILITY_MAGIC_OFFSET) == PpuIds.MAGIC;
    }

    private static DeviceRefusedException refused(DeviceLink link, HgResult result, String what, String remedy) {
        return new DeviceRefusedException(
                Failure.of(result, link.identity().uri() + " at " + link.identity().address(), "function", what, remedy));
    }
}
