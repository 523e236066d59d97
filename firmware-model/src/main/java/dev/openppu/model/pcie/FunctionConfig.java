package dev.openppu.model.pcie;

import dev.openppu.hal.pci.PciRegister.Aer;
import dev.openppu.hal.pci.PciRegister.Bar;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Express;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.hal.pci.PciRegister.PowerManagement;
import dev.openppu.hal.pci.PciRegister.ResizableBar;
import dev.openppu.hal.pci.PciRegister.SerialNumber;
import dev.openppu.hal.pci.PciRegister.Status;
import dev.openppu.hal.pci.PciRegister.VendorSpecific;
import dev.openppu.model.pcie.FunctionIdentity.BarLayout;
import java.util.List;

/**
 * Where an endpoint's capabilities are and what their registers are, from its {@link FunctionIdentity}. Places are ours; access kinds and values are the
 * specification's.
 */
final class FunctionConfig {
    static final int POWER = 0x40;
    static final int EXPRESS = 0x60;
    static final int MSIX = 0xA0;
    static final int VENDOR = 0xB0;
    static final int AER = 0x100;
    static final int SERIAL = 0x150;
    static final int RESIZABLE = 0x160;

    private static final long ALL = 0xFFFF_FFFFL;
    private static final int GEN5 = 5;
    private static final int SPEEDS_UP_TO_GEN5 = 0x3E;
    private static final int X16 = 16 << Express.LINK_WIDTH_SHIFT;
    private static final int SLOT_CLOCK = 1 << 12;
    private static final int ROLE_BASED_ERRORS = 1 << 15;
    private static final int PAYLOAD_256 = 1;
    /** Relaxed ordering and no-snoop enabled, 512-byte read requests: the specification's defaults. */
    private static final int DEVICE_CONTROL_DEFAULT = 1 << 4 | 1 << 11 | 2 << 12;
    private static final int DEVICE_CONTROL_WRITABLE = 0x7FFF & ~(1 << 9 | 1 << 10);
    private static final int MAX_PAYLOAD_MASK = 7 << 5;
    private static final int LINK_CONTROL_WRITABLE = 0xCB;
    private static final int COMPLETION_TIMEOUT_DISABLE = 1 << 4;
    /** Data link protocol, surprise down, poisoned, flow control, completion time-out, completer abort, unexpected completion, overflow, malformed, UR, internal. */
    private static final int UNCORRECTABLE_ERRORS = 0x0057_F030;
    private static final int UNCORRECTABLE_SEVERITY_DEFAULT = 0x0046_2030;
    private static final int CORRECTABLE_ERRORS = 0x0000_F1C1;
    private static final int AER_VERSION = 2;

    private final ConfigLayout layout = new ConfigLayout();

    private FunctionConfig() {}

    static ConfigLayout of(FunctionIdentity identity) {
        FunctionConfig config = new FunctionConfig();
        config.header(identity);
        identity.bars().forEach(config::bar);
        config.powerManagement();
        config.express();
        config.msix(identity.msix());
        config.vendorSpecific(identity);
        config.errorReporting();
        config.serialNumber(identity.serial());
        config.resizableBars(identity.bars().stream().filter(BarLayout::resizable).toList());
        return config.layout;
    }

    private void header(FunctionIdentity id) {
        layout.register("vendor_id", Header.VENDOR_ID, 2, id.vendor());
        layout.register("device_id", Header.DEVICE_ID, 2, id.device());
        layout.register("command", Header.COMMAND, 2, 0)
                .writable(Command.MEMORY_SPACE_ENABLE | Command.BUS_MASTER_ENABLE | Command.PARITY_ERROR_RESPONSE
                        | Command.SERR_ENABLE | Command.INTERRUPT_DISABLE);
        layout.register("status", Header.STATUS, 2, Status.CAPABILITIES_LIST)
                .clearedByOnes(Status.MASTER_DATA_PARITY_ERROR | Status.SIGNALED_TARGET_ABORT
                        | Status.RECEIVED_TARGET_ABORT | Status.RECEIVED_MASTER_ABORT | Status.SIGNALED_SYSTEM_ERROR
                        | Status.DETECTED_PARITY_ERROR);
        layout.register("revision_id", Header.REVISION_ID, 1, id.revision());
        layout.register("interface", Header.CLASS_CODE, 1, id.classCode());
        layout.register("subclass", Header.CLASS_CODE + 1, 1, id.classCode() >>> 8);
        layout.register("base_class", Header.CLASS_CODE + 2, 1, id.classCode() >>> 16);
        layout.register("cache_line_size", Header.CACHE_LINE_SIZE, 1, 0).writable(0xFF);
        layout.register("header_type", Header.HEADER_TYPE, 1, 0);
        layout.register("subsystem_vendor_id", Header.SUBSYSTEM_VENDOR_ID, 2, id.subsystemVendor());
        layout.register("subsystem_id", Header.SUBSYSTEM_ID, 2, id.subsystem());
        layout.register("capabilities_pointer", Header.CAPABILITIES_POINTER, 1, POWER);
        layout.register("interrupt_line", Header.INTERRUPT_LINE, 1, 0xFF).writable(0xFF);
        layout.register("interrupt_pin", Header.INTERRUPT_PIN, 1, 0);
    }

    private void bar(BarLayout bar) {
        int kind = (bar.wide() ? Bar.TYPE_64_BIT : 0) | (bar.prefetchable() ? Bar.PREFETCHABLE : 0);
        layout.register("bar" + bar.index(), Header.bar(bar.index()), 4, kind).writable(lowerMask(bar.size()));
        if (bar.wide()) {
            layout.register("bar" + bar.index() + "_upper", Header.bar(bar.index() + 1), 4, 0).writable(upperMask(bar.size()));
        }
    }

    /** Address bits that a BAR of this size has in its lower register. */
    static long lowerMask(long size) {
        return -size & Bar.ADDRESS_MASK & ALL;
    }

    static long upperMask(long size) {
        return -size >>> 32;
    }

    private void capability(String name, int offset, int id, int next) {
        layout.register(name + ".id", offset, 1, id);
        layout.register(name + ".next", offset + 1, 1, next);
    }

    private void powerManagement() {
        capability("pm", POWER, PowerManagement.ID, EXPRESS);
        layout.register("pm.capabilities", POWER + PowerManagement.CAPABILITIES, 2, 3);
        layout.register("pm.control_status", POWER + PowerManagement.CONTROL_STATUS, 2, PowerManagement.NO_SOFT_RESET).writable(
                PowerManagement.POWER_STATE_MASK);
    }

    private void express() {
        capability("pcie", EXPRESS, Express.ID, MSIX);
        layout.register("pcie.capabilities", EXPRESS + Express.CAPABILITIES, 2, 2);
        layout.register("pcie.device_capabilities", EXPRESS + Express.DEVICE_CAPABILITIES, 4,
                Express.FLR_CAPABLE | ROLE_BASED_ERRORS | PAYLOAD_256);
        layout.register("pcie.device_control", EXPRESS + Express.DEVICE_CONTROL, 2, DEVICE_CONTROL_DEFAULT)
                .writable(DEVICE_CONTROL_WRITABLE)
                .keptByFunctionReset(MAX_PAYLOAD_MASK);
        layout.register("pcie.device_status", EXPRESS + Express.DEVICE_STATUS, 2, 0).clearedByOnes(Express.CORRECTABLE_ERROR_DETECTED
                | Express.NON_FATAL_ERROR_DETECTED | Express.FATAL_ERROR_DETECTED | Express.UNSUPPORTED_REQUEST_DETECTED);
        layout.register("pcie.link_capabilities", EXPRESS + Express.LINK_CAPABILITIES, 4, GEN5 | X16);
        layout.register("pcie.link_control", EXPRESS + Express.LINK_CONTROL, 2, 0).writable(LINK_CONTROL_WRITABLE)
                .keptByFunctionReset(LINK_CONTROL_WRITABLE);
        layout.register("pcie.link_status", EXPRESS + Express.LINK_STATUS, 2, GEN5 | X16 | SLOT_CLOCK);
        layout.register("pcie.device_capabilities_2", EXPRESS + Express.DEVICE_CAPABILITIES_2, 4, COMPLETION_TIMEOUT_DISABLE);
        layout.register("pcie.device_control_2", EXPRESS + Express.DEVICE_CONTROL_2, 2, 0).writable(COMPLETION_TIMEOUT_DISABLE);
        layout.register("pcie.link_capabilities_2", EXPRESS + Express.LINK_CAPABILITIES_2, 4, SPEEDS_UP_TO_GEN5);
        layout.register("pcie.link_control_2", EXPRESS + Express.LINK_CONTROL_2, 2, GEN5).writable(0xF).sticky(0xF);
    }

    private void msix(FunctionIdentity.Msix msix) {
        capability("msix", MSIX, Msix.ID, VENDOR);
        layout.register("msix.message_control", MSIX + Msix.MESSAGE_CONTROL, 2, msix.vectors() - 1)
                .writable(Msix.ENABLE | Msix.FUNCTION_MASK);
        layout.register("msix.table", MSIX + Msix.TABLE, 4, msix.tableOffset() | msix.tableBar());
        layout.register("msix.pending", MSIX + Msix.PENDING, 4, msix.pendingOffset() | msix.pendingBar());
    }

    private void vendorSpecific(FunctionIdentity id) {
        List<Integer> words = id.vendorCapability();
        capability("vendor", VENDOR, VendorSpecific.ID, 0);
        layout.register("vendor.length", VENDOR + VendorSpecific.LENGTH, 1, 4 + 4L * words.size());
        layout.register("vendor.type", VENDOR + VendorSpecific.LENGTH + 1, 1, id.vendorCapabilityType());
        for (int i = 0; i < words.size(); i++) {
            layout.register("vendor.word" + i, VENDOR + 4 + 4 * i, 4, words.get(i));
        }
    }

    private void extendedCapability(String name, int offset, int id, int version, int next) {
        layout.register(name + ".header", offset, 4, id | version << 16 | next << 20);
    }

    private void errorReporting() {
        extendedCapability("aer", AER, Aer.ID, AER_VERSION, SERIAL);
        layout.register("aer.uncorrectable_status", AER + Aer.UNCORRECTABLE_STATUS, 4, 0).clearedByOnes(UNCORRECTABLE_ERRORS)
                .sticky(UNCORRECTABLE_ERRORS);
        layout.register("aer.uncorrectable_mask", AER + Aer.UNCORRECTABLE_MASK, 4, 0).writable(UNCORRECTABLE_ERRORS)
                .sticky(UNCORRECTABLE_ERRORS);
        layout.register("aer.uncorrectable_severity", AER + Aer.UNCORRECTABLE_SEVERITY, 4, UNCORRECTABLE_SEVERITY_DEFAULT)
                .writable(UNCORRECTABLE_ERRORS)
                .sticky(UNCORRECTABLE_ERRORS);
        layout.register("aer.correctable_status", AER + Aer.CORRECTABLE_STATUS, 4, 0).clearedByOnes(CORRECTABLE_ERRORS)
                .sticky(CORRECTABLE_ERRORS);
        layout.register("aer.correctable_mask", AER + Aer.CORRECTABLE_MASK, 4, Aer.ADVISORY_NON_FATAL).writable(CORRECTABLE_ERRORS)
                .sticky(CORRECTABLE_ERRORS);
        layout.register("aer.capabilities_control", AER + Aer.CAPABILITIES_CONTROL, 4, 0).sticky(Aer.FIRST_ERROR_POINTER_MASK);
    }

    private void serialNumber(long serial) {
        extendedCapability("serial", SERIAL, SerialNumber.ID, 1, RESIZABLE);
        layout.register("serial.lower", SERIAL + SerialNumber.LOWER, 4, serial);
        layout.register("serial.upper", SERIAL + SerialNumber.UPPER, 4, serial >>> 32);
    }

    private void resizableBars(List<BarLayout> bars) {
        if (bars.isEmpty()) {
            layout.register("serial.header", SERIAL, 4, SerialNumber.ID | 1 << 16);
            return;
        }
        extendedCapability("resizable", RESIZABLE, ResizableBar.ID, 1, 0);
        for (int i = 0; i < bars.size(); i++) {
            BarLayout bar = bars.get(i);
            int pair = RESIZABLE + i * ResizableBar.STRIDE;
            layout.register("resizable.capability" + bar.index(), pair + ResizableBar.CAPABILITY, 4, supportedSizes(bar));
            layout.register("resizable.control" + bar.index(), pair + ResizableBar.CONTROL, 4,
                    bar.index() | (i == 0 ? bars.size() << ResizableBar.COUNT_SHIFT : 0)
                            | ResizableBar.encode(bar.size()) << ResizableBar.SIZE_SHIFT)
                    .writable(ResizableBar.SIZE_MASK);
        }
    }

    private static long supportedSizes(BarLayout bar) {
        long sizes = 0;
        for (long size = bar.size(); size <= bar.largest(); size <<= 1) {
            sizes |= 1L << ResizableBar.encode(size) + ResizableBar.SIZES_SHIFT;
        }
        return sizes;
    }
}
