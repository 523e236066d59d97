/** Device links, MMIO, DMA, interrupts, PCI and Linux calls; knows no PPU. */
package dev.openppu.hal;
