/**
 * Device memory and the way to it: the sparse memory itself, the MMU with its page walker and translation buffers, the BAR2 window, the scrubber.
 *
 * <p>Notation: "PA" is an address of device memory, "VA" an address of a context, "IOVA" one of the host's IOMMU.
 */
package dev.openppu.model.memory;
