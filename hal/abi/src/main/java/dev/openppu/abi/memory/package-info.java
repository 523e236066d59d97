/** The format of the device's page tables ({@code docs/device.md}, section 6; ours). */
package dev.openppu.abi.memory;
