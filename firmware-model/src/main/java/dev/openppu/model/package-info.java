/** The PPU as a model: PCIe function, firmware, command processor, copy engines, memory, compute. */
package dev.openppu.model;
