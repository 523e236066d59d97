/**
 * The PCI Express function around the device's logic: config space, BAR decoding, MSI-X, posted writes in both directions, the host's IOMMU, resets, power
 * states. Section numbers are those of the PCI Express Base Specification, revision 6.0.
 */
package dev.openppu.model.pcie;
