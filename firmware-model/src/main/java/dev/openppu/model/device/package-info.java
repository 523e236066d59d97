/** The device: everything behind the PCIe function, put together. */
package dev.openppu.model.device;
