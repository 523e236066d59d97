/** Host memory that a device may reach: IOVA mappings with access rights, enforced by the link's IOMMU. */
package dev.openppu.hal.dma;
