/** PCI configuration space: access, capability walk, names and offsets from the PCI Express Base Specification 6.0, chapter 7. */
package dev.openppu.hal.pci;
