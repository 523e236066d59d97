package dev.openppu.model.pcie;

import java.util.List;

/**
 * What the function says of itself in config space, fixed when the device is made.
 *
 * @param vendor PCI vendor id, 16 bits
 * @param device PCI device id, 16 bits
 * @param revision 8 bits
 * @param classCode base class, subclass, interface: 24 bits
 * @param subsystemVendor 16 bits
 * @param subsystem 16 bits
 * @param serial for the device serial number capability
 * @param bars memory BARs, ascending by index
 * @param msix where the table is and how many vectors it has
 * @param vendorCapability the words after the first of the vendor-specific capability (so its length is 4 + 4 × size), and
 * @param vendorCapabilityType the byte after its length
 */
public record FunctionIdentity(int vendor, int device, int revision, int classCode, int subsystemVendor, int subsystem, long serial,
        List<BarLayout> bars,
        Msix msix, int vendorCapabilityType, List<Integer> vendorCapability) {

    public FunctionIdentity {
        bars = List.copyOf(bars);
        vendorCapability = List.copyOf(vendorCapability);
    }

    /**
     * A memory BAR.
     *
     * @param index 0 to 5
     * @param size bytes after a reset, a power of two
     * @param largest bytes, a power of two; greater than {@code size} if the BAR is resizable (every power of two between is supported)
     * @param wide 64-bit
     */
    public record BarLayout(int index, long size, long largest, boolean wide, boolean prefetchable) {
        public boolean resizable() {
            return largest > size;
        }
    }

    /** @param vectors 1 to 2048; offsets are 8-aligned */
    public record Msix(int vectors, int tableBar, int tableOffset, int pendingBar, int pendingOffset) {}
}
