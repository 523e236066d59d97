/** {@code vfio:BDF}: PCIe functions that the kernel's vfio-pci driver gives to this process. */
package dev.openppu.hal.vfio;
