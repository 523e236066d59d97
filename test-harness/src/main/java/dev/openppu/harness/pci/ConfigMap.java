package dev.openppu.harness.pci;

import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Aer;
import dev.openppu.hal.pci.PciRegister.Express;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.hal.pci.PciRegister.PowerManagement;
import dev.openppu.hal.pci.PciRegister.ResizableBar;
import dev.openppu.hal.pci.PciRegister.SerialNumber;
import dev.openppu.hal.pci.PciRegister.VendorSpecific;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The registers of an endpoint's configuration space as the PCI Express Base Specification 6.0 has them, without its BARs. Stateless. */
final class ConfigMap {
    private static final int WORD = 4;
    private static final int MESSAGE_CONTROL_RESERVED = 7 << 11;
    private static final int EXPRESS_BYTES = 0x3C;
    private static final int AER_BYTES = 0x2C;
    private static final int SERIAL_BYTES = 12;
    private static final int MAX_PAYLOAD = 7 << 5;
    private static final int COMPLETION_TIMEOUT_DISABLE = 1 << 4;
    /** Data link protocol, poisoned TLP, malformed TLP, unsupported request: what every function with the capability has (7.8.4.2). */
    private static final int UNCORRECTABLE = 1 << 4 | 1 << 12 | 1 << 18 | Aer.UNSUPPORTED_REQUEST;
    private static final int UNCORRECTABLE_RESERVED = 0x8000_0FCE;
    /** Receiver error, bad TLP, bad DLLP, replay rollover, replay time-out, advisory non-fatal (7.8.4.5). */
    private static final int CORRECTABLE = 0x31C1;
    private static final int CORRECTABLE_RESERVED = 0xFFFF_0E3E;

    private ConfigMap() {}

    /** A structure of config space. */
    enum Structure {
        HEADER(0, false, Header.BAR0 + 0x30),
        POWER(PowerManagement.ID, false, 8),
        VENDOR(VendorSpecific.ID, false, 0),
        EXPRESS(Express.ID, false, EXPRESS_BYTES),
        MSIX(Msix.ID, false, 12),
        AER(Aer.ID, true, AER_BYTES),
        SERIAL(SerialNumber.ID, true, SERIAL_BYTES),
        RESIZABLE(ResizableBar.ID, true, 0);

        private final int id;
        private final boolean extended;
        private final int bytes;

        Structure(int id, boolean extended, int bytes) {
            this.id = id;
            this.extended = extended;
            this.bytes = bytes;
        }

        static Optional<Structure> of(Capability capability) {
            return Stream.of(values()).filter(s -> s != HEADER && s.id == capability.id() && s.extended == capability.extended())
                    .findFirst();
        }

        /** Where it is, if the function has it. */
        Optional<Integer> offset(ConfigSpace config) {
            if (this == HEADER) {
                return Optional.of(0);
            }
            return (extended ? Capabilities.findExtended(config, id) : Capabilities.find(config, id)).map(Capability::offset);
        }

        /** Bytes that it takes. */
        int length(ConfigSpace config, int offset) {
            return switch (this) {
                case VENDOR -> config.read8(offset + VendorSpecific.LENGTH);
                case RESIZABLE -> WORD + ResizableBar.STRIDE * bars(config, offset);
                default -> bytes;
            };
        }
    }

    private static int bars(ConfigSpace config, int offset) {
        return (config.read32(offset + ResizableBar.CONTROL) & ResizableBar.COUNT_MASK) >>> ResizableBar.COUNT_SHIFT;
    }

    /** The registers of a structure at its place; none if the function lacks it. */
    static List<ConfigRegister> registers(Structure structure, ConfigSpace config) {
        return structure.offset(config).map(offset -> registers(structure, config, offset)).orElse(List.of());
    }

    /** Every register of every structure that the function has. */
    static List<ConfigRegister> all(ConfigSpace config) {
        return Stream.of(Structure.values()).flatMap(structure -> registers(structure, config).stream()).toList();
    }

    private static List<ConfigRegister> registers(Structure structure, ConfigSpace config, int offset) {
        return switch (structure) {
            case HEADER -> header();
            case POWER -> power(offset);
            case VENDOR -> readOnly("vendor", offset, structure.length(config, offset), "7.9.4");
            case EXPRESS -> express(config, offset);
            case MSIX -> msix(offset);
            case AER -> errors(offset);
            case SERIAL -> readOnly("serial", offset, SERIAL_BYTES, "7.9.3");
            case RESIZABLE -> resizable(offset, bars(config, offset));
        };
    }

    private static List<ConfigRegister> header() {
        return List.of(
                ConfigRegister.at("vendor_id, device_id", Header.VENDOR_ID, 4, "7.5.1.1.1"),
                ConfigRegister.at("command", Header.COMMAND, 2, "7.5.1.1.3").withWritable(6).withFree(0x541).withZero(0xFAB8),
                ConfigRegister.at("status", Header.STATUS, 2, "7.5.1.1.4").withCleared(0xF900).withZero(0x06E6),
                ConfigRegister.at("revision_id, class_code", Header.REVISION_ID, 4, "7.5.1.1.6"),
                ConfigRegister.at("cache_line_size", Header.CACHE_LINE_SIZE, 1, "7.5.1.1.7").withWritable(0xFF),
                ConfigRegister.at("latency_timer", 0x0D, 1, "7.5.1.1.8").withZero(0xFF),
                ConfigRegister.at("header_type", Header.HEADER_TYPE, 1, "7.5.1.1.9"),
                ConfigRegister.at("bist", 0x0F, 1, "7.5.1.1.10").withZero(0xFF),
                ConfigRegister.at("cardbus_cis_pointer", 0x28, 4, "7.5.1.2.2").withZero(-1),
                ConfigRegister.at("subsystem", Header.SUBSYSTEM_VENDOR_ID, 4, "7.5.1.2.3"),
                ConfigRegister.at("expansion_rom", 0x30, 4, "7.5.1.2.4").withZero(-1),
                ConfigRegister.at("capabilities_pointer", Header.CAPABILITIES_POINTER, 4, "7.5.1.1.11").withZero(0xFFFF_FF00),
                ConfigRegister.at("reserved", 0x38, 4, "7.5.1.2").withZero(-1),
                ConfigRegister.at("interrupt_line", Header.INTERRUPT_LINE, 1, "7.5.1.1.12").withWritable(0xFF),
                ConfigRegister.at("interrupt_pin", Header.INTERRUPT_PIN, 1, "7.5.1.1.13"),
                ConfigRegister.at("min_gnt, max_lat", 0x3E, 2, "7.5.1.2.5").withZero(0xFFFF));
    }

    private static List<ConfigRegister> power(int at) {
        return List.of(
                ConfigRegister.at("power.header", at, 2, "7.5.2"),
                ConfigRegister.at("power.capabilities", at + PowerManagement.CAPABILITIES, 2, "7.5.2.1").withZero(1 << 3),
                ConfigRegister.at("power.control_status", at + PowerManagement.CONTROL_STATUS, 2, "7.5.2.2")
                        .withSpared(PowerManagement.POWER_STATE_MASK).withWritable(PowerManagement.POWER_STATE_MASK).withFree(0xFF00)
                        .withZero(0xF4),
                ConfigRegister.at("power.data", at + 6, 2, "7.5.2.3"));
    }

    private static List<ConfigRegister> express(ConfigSpace config, int at) {
        boolean mayDisable = (config.read32(at + Express.DEVICE_CAPABILITIES_2) & COMPLETION_TIMEOUT_DISABLE) != 0;
        int timeout = mayDisable ? COMPLETION_TIMEOUT_DISABLE : 0;
        return List.of(
                ConfigRegister.at("pcie.header", at, 4, "7.5.3.2").withZero(1 << 31),
                ConfigRegister.at("pcie.device_capabilities", at + Express.DEVICE_CAPABILITIES, 4, "7.5.3.3").withZero(1 << 31),
                ConfigRegister.at("pcie.device_control", at + Express.DEVICE_CONTROL, 2, "7.5.3.4").withWritable(0xF).withFree(0x7FF0)
                        .withZero(Express.INITIATE_FLR).withSpared(Express.INITIATE_FLR).withKept(MAX_PAYLOAD),
                ConfigRegister.at("pcie.device_status", at + Express.DEVICE_STATUS, 2, "7.5.3.5").withCleared(0xF)
                        .withFree(Express.TRANSACTIONS_PENDING | 1 << 6).withZero(0xFF80),
                ConfigRegister.at("pcie.link_capabilities", at + Express.LINK_CAPABILITIES, 4, "7.5.3.6"),
                ConfigRegister.at("pcie.link_control", at + Express.LINK_CONTROL, 2, "7.5.3.7").withWritable(0xC0).withFree(0xF30F)
                        .withZero(0x0C30).withKept(0xC0),
                ConfigRegister.at("pcie.link_status", at + Express.LINK_STATUS, 2, "7.5.3.8"),
                ConfigRegister.at("pcie.slot_capabilities", at + 0x14, 4, "7.5.3.9").withZero(-1),
                ConfigRegister.at("pcie.slot_control, slot_status", at + 0x18, 4, "7.5.3.10").withZero(-1),
                ConfigRegister.at("pcie.root_control, root_capabilities", at + 0x1C, 4, "7.5.3.12").withZero(-1),
                ConfigRegister.at("pcie.root_status", at + 0x20, 4, "7.5.3.14").withZero(-1),
                ConfigRegister.at("pcie.device_capabilities_2", at + Express.DEVICE_CAPABILITIES_2, 4, "7.5.3.15"),
                ConfigRegister.at("pcie.device_control_2", at + Express.DEVICE_CONTROL_2, 2, "7.5.3.16").withWritable(timeout)
                        .withFree(0xFFFF & ~timeout),
                ConfigRegister.at("pcie.device_status_2", at + 0x2A, 2, "7.5.3.17").withZero(0xFFFF),
                ConfigRegister.at("pcie.link_capabilities_2", at + Express.LINK_CAPABILITIES_2, 4, "7.5.3.18").withZero(1),
                ConfigRegister.at("pcie.link_control_2", at + Express.LINK_CONTROL_2, 2, "7.5.3.19").withFree(0xFFFF),
                ConfigRegister.at("pcie.link_status_2", at + 0x32, 2, "7.5.3.20").withFree(0xFFFF),
                ConfigRegister.at("pcie.slot_2", at + 0x34, 4, "7.5.3.21").withZero(-1),
                ConfigRegister.at("pcie.slot_control_2, slot_status_2", at + 0x38, 4, "7.5.3.22").withZero(-1));
    }

    private static List<ConfigRegister> msix(int at) {
        return List.of(
                ConfigRegister.at("msix.header", at, 2, "7.7.2.1"),
                ConfigRegister.at("msix.message_control", at + Msix.MESSAGE_CONTROL, 2, "7.7.2.2")
                        .withWritable(Msix.ENABLE | Msix.FUNCTION_MASK).withZero(MESSAGE_CONTROL_RESERVED),
                ConfigRegister.at("msix.table", at + Msix.TABLE, 4, "7.7.2.3"),
                ConfigRegister.at("msix.pending", at + Msix.PENDING, 4, "7.7.2.4"));
    }

    private static List<ConfigRegister> errors(int at) {
        int optional = ~UNCORRECTABLE & ~UNCORRECTABLE_RESERVED;
        List<ConfigRegister> registers = new ArrayList<>(List.of(
                ConfigRegister.at("aer.header", at, 4, "7.8.4.1"),
                ConfigRegister.at("aer.uncorrectable_status", at + Aer.UNCORRECTABLE_STATUS, 4, "7.8.4.2")
                        .withCleared(~UNCORRECTABLE_RESERVED).withZero(UNCORRECTABLE_RESERVED).withKept(-1),
                ConfigRegister.at("aer.uncorrectable_mask", at + Aer.UNCORRECTABLE_MASK, 4, "7.8.4.3").withWritable(UNCORRECTABLE)
                        .withFree(optional).withZero(UNCORRECTABLE_RESERVED).withKept(-1),
                ConfigRegister.at("aer.uncorrectable_severity", at + Aer.UNCORRECTABLE_SEVERITY, 4, "7.8.4.4").withWritable(UNCORRECTABLE)
                        .withFree(optional).withZero(UNCORRECTABLE_RESERVED).withKept(-1),
                ConfigRegister.at("aer.correctable_status", at + Aer.CORRECTABLE_STATUS, 4, "7.8.4.5").withCleared(~CORRECTABLE_RESERVED)
                        .withZero(CORRECTABLE_RESERVED).withKept(-1),
                ConfigRegister.at("aer.correctable_mask", at + Aer.CORRECTABLE_MASK, 4, "7.8.4.6").withWritable(CORRECTABLE)
                        .withFree(~CORRECTABLE & ~CORRECTABLE_RESERVED).withZero(CORRECTABLE_RESERVED).withKept(-1),
                ConfigRegister.at("aer.capabilities_control", at + Aer.CAPABILITIES_CONTROL, 4, "7.8.4.7").withFree(0x0FFF_F95F)));
        for (int offset = Aer.CAPABILITIES_CONTROL + WORD; offset < AER_BYTES; offset += WORD) {
            registers.add(ConfigRegister.at("aer.header_log", at + offset, 4, "7.8.4.8"));
        }
        return registers;
    }

    private static List<ConfigRegister> resizable(int at, int bars) {
        List<ConfigRegister> registers = new ArrayList<>();
        registers.add(ConfigRegister.at("resizable.header", at, 4, "7.8.6.1"));
        for (int i = 0; i < bars; i++) {
            int pair = at + i * ResizableBar.STRIDE;
            registers.add(ConfigRegister.at("resizable.capability", pair + ResizableBar.CAPABILITY, 4, "7.8.6.2").withZero(0xF));
            registers.add(ConfigRegister.at("resizable.control", pair + ResizableBar.CONTROL, 4, "7.8.6.3")
                    .withSpared(ResizableBar.SIZE_MASK).withWritable(ResizableBar.SIZE_MASK).withZero(0xC018));
        }
        return registers;
    }

    private static List<ConfigRegister> readOnly(String name, int at, int bytes, String clause) {
        List<ConfigRegister> registers = new ArrayList<>();
        for (int offset = 0; offset + WORD <= bytes; offset += WORD) {
            registers.add(ConfigRegister.at("%s+0x%x".formatted(name, offset), at + offset, 4, clause));
        }
        return registers;
    }
}
