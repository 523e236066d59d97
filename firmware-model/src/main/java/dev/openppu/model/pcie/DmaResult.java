package dev.openppu.model.pcie;

/** How a request of the device to host memory ended. */
public enum DmaResult {
    /** Done, or posted. */
    OK,
    /** Bus Master Enable is off, the function is in D3hot, or in reset: no request was sent. */
    BUS_MASTER_OFF,
    /** The IOMMU has no mapping for some byte of the range. */
    NOT_MAPPED,
    /** The IOMMU's mapping lacks the right for some byte of the range. */
    NO_RIGHT;

    public boolean ok() {
        return this == OK;
    }
}
