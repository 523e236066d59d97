package dev.openppu.model.pcie;

/** A request of the device that the host's IOMMU refused. */
public record DmaFault(long nanos, long iova, long bytes, boolean write, DmaResult reason) {}
