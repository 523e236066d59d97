package dev.openppu.hal.pci;

/**
 * Offsets, ids and fields of configuration space by their names in the PCI Express Base Specification 6.0, chapter 7; a nested class a structure. Offsets of a
 * capability's registers count from the capability.
 */
public final class PciRegister {
    private PciRegister() {}

    /** Type 0 header (7.5.1). */
    public static final class Header {
        public static final int VENDOR_ID = 0x00;
        public static final int DEVICE_ID = 0x02;
        public static final int COMMAND = 0x04;
        public static final int STATUS = 0x06;
        public static final int REVISION_ID = 0x08;
        /** 24 bits: interface, subclass, base class. */
        public static final int CLASS_CODE = 0x09;
        public static final int CACHE_LINE_SIZE = 0x0C;
        public static final int HEADER_TYPE = 0x0E;
        public static final int BAR0 = 0x10;
        public static final int SUBSYSTEM_VENDOR_ID = 0x2C;
        public static final int SUBSYSTEM_ID = 0x2E;
        public static final int CAPABILITIES_POINTER = 0x34;
        public static final int INTERRUPT_LINE = 0x3C;
        public static final int INTERRUPT_PIN = 0x3D;
        public static final int BARS = 6;

        private Header() {}

        public static int bar(int index) {
            return BAR0 + 4 * index;
        }
    }

    /** Command register (7.5.1.1.3). */
    public static final class Command {
        public static final int IO_SPACE_ENABLE = 1;
        public static final int MEMORY_SPACE_ENABLE = 1 << 1;
        public static final int BUS_MASTER_ENABLE = 1 << 2;
        public static final int PARITY_ERROR_RESPONSE = 1 << 6;
        public static final int SERR_ENABLE = 1 << 8;
        public static final int INTERRUPT_DISABLE = 1 << 10;

        private Command() {}
    }

    /** Status register (7.5.1.1.4). */
    public static final class Status {
        public static final int CAPABILITIES_LIST = 1 << 4;
        public static final int MASTER_DATA_PARITY_ERROR = 1 << 8;
        public static final int SIGNALED_TARGET_ABORT = 1 << 11;
        public static final int RECEIVED_TARGET_ABORT = 1 << 12;
        public static final int RECEIVED_MASTER_ABORT = 1 << 13;
        public static final int SIGNALED_SYSTEM_ERROR = 1 << 14;
        public static final int DETECTED_PARITY_ERROR = 1 << 15;

        private Status() {}
    }

    /** Base address register (7.5.1.2.1). */
    public static final class Bar {
        public static final int IO_SPACE = 1;
        public static final int TYPE_64_BIT = 2 << 1;
        public static final int TYPE_MASK = 3 << 1;
        public static final int PREFETCHABLE = 1 << 3;
        public static final int ADDRESS_MASK = ~0xF;
        public static final int IO_ADDRESS_MASK = ~0x3;

        private Bar() {}
    }

    /** Power management (7.5.2). */
    public static final class PowerManagement {
        public static final int ID = 0x01;
        public static final int CAPABILITIES = 0x02;
        public static final int CONTROL_STATUS = 0x04;
        public static final int POWER_STATE_MASK = 3;
        public static final int D0 = 0;
        public static final int D3HOT = 3;
        public static final int NO_SOFT_RESET = 1 << 3;

        private PowerManagement() {}
    }

    /** Vendor-specific capability (7.9.4). */
    public static final class VendorSpecific {
        public static final int ID = 0x09;
        public static final int LENGTH = 0x02;

        private VendorSpecific() {}
    }

    /** PCI Express capability (7.5.3). */
    public static final class Express {
        public static final int ID = 0x10;
        public static final int CAPABILITIES = 0x02;
        public static final int DEVICE_CAPABILITIES = 0x04;
        public static final int DEVICE_CONTROL = 0x08;
        public static final int DEVICE_STATUS = 0x0A;
        public static final int LINK_CAPABILITIES = 0x0C;
        public static final int LINK_CONTROL = 0x10;
        public static final int LINK_STATUS = 0x12;
        public static final int DEVICE_CAPABILITIES_2 = 0x24;
        public static final int DEVICE_CONTROL_2 = 0x28;
        public static final int LINK_CAPABILITIES_2 = 0x2C;
        public static final int LINK_CONTROL_2 = 0x30;

        /** Device Capabilities. */
        public static final int FLR_CAPABLE = 1 << 28;
        /** Device Control; reads as zero. */
        public static final int INITIATE_FLR = 1 << 15;
        /** Device Status. */
        public static final int CORRECTABLE_ERROR_DETECTED = 1;
        public static final int NON_FATAL_ERROR_DETECTED = 1 << 1;
        public static final int FATAL_ERROR_DETECTED = 1 << 2;
        public static final int UNSUPPORTED_REQUEST_DETECTED = 1 << 3;
        public static final int TRANSACTIONS_PENDING = 1 << 5;
        /** Link Status. */
        public static final int LINK_SPEED_MASK = 0xF;
        public static final int LINK_WIDTH_SHIFT = 4;
        public static final int LINK_WIDTH_MASK = 0x3F << LINK_WIDTH_SHIFT;

        private Express() {}
    }

    /** MSI-X capability (7.7.2). */
    public static final class Msix {
        public static final int ID = 0x11;
        public static final int MESSAGE_CONTROL = 0x02;
        public static final int TABLE = 0x04;
        public static final int PENDING = 0x08;
        /** Message Control: vectors less one. */
        public static final int TABLE_SIZE_MASK = 0x7FF;
        public static final int FUNCTION_MASK = 1 << 14;
        public static final int ENABLE = 1 << 15;
        /** Table and Pending: which BAR. */
        public static final int BIR_MASK = 7;

        private Msix() {}
    }

    /** Advanced error reporting, extended (7.8.4). */
    public static final class Aer {
        public static final int ID = 0x0001;
        public static final int UNCORRECTABLE_STATUS = 0x04;
        public static final int UNCORRECTABLE_MASK = 0x08;
        public static final int UNCORRECTABLE_SEVERITY = 0x0C;
        public static final int CORRECTABLE_STATUS = 0x10;
        public static final int CORRECTABLE_MASK = 0x14;
        public static final int CAPABILITIES_CONTROL = 0x18;
        public static final int FIRST_ERROR_POINTER_MASK = 0x1F;
        public static final int UNSUPPORTED_REQUEST_BIT = 20;
        public static final int UNSUPPORTED_REQUEST = 1 << UNSUPPORTED_REQUEST_BIT;
        public static final int ADVISORY_NON_FATAL = 1 << 13;

        private Aer() {}
    }

    /** Device serial number, extended (7.9.3). */
    public static final class SerialNumber {
        public static final int ID = 0x0003;
        public static final int LOWER = 0x04;
        public static final int UPPER = 0x08;

        private SerialNumber() {}
    }

    /** Resizable BAR, extended (7.8.6); one (capability, control) pair a BAR. */
    public static final class ResizableBar {
        public static final int ID = 0x0015;
        public static final int CAPABILITY = 0x04;
        public static final int CONTROL = 0x08;
        public static final int STRIDE = 8;
        /** Capability: bit 4 + n is a size of 2^(20 + n) bytes. */
        public static final int SIZES_SHIFT = 4;
        /** Control. */
        public static final int INDEX_MASK = 7;
        public static final int COUNT_SHIFT = 5;
        public static final int COUNT_MASK = 7 << COUNT_SHIFT;
        public static final int SIZE_SHIFT = 8;
        public static final int SIZE_MASK = 0x3F << SIZE_SHIFT;
        /** log2 of the smallest size. */
        public static final int SMALLEST_LOG2 = 20;

        private ResizableBar() {}

        /** Bytes that the size field {@code encoded} means. */
        public static long bytes(int encoded) {
            return 1L << (encoded + SMALLEST_LOG2);
        }

        /** Size field for a power of two of at least 1 MiB. */
        public static int encode(long bytes) {
            return Long.numberOfTrailingZeros(bytes) - SMALLEST_LOG2;
        }
    }
}
