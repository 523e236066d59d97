package dev.openppu.model.pcie;

/** The MSI-X table and pending bits, which live among the device's registers, as the PCIe function sees them (7.7.2). */
public interface MsixTableView {

    /** Message address, 64 bits, the lowest two zero. */
    long address(int vector);

    int data(int vector);

    /** The entry's own mask bit. */
    boolean masked(int vector);

    boolean pending(int vector);

    void setPending(int vector, boolean pending);
}
