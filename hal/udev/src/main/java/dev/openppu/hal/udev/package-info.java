/** libudev's monitor of the subsystem pci, through JNA. */
package dev.openppu.hal.udev;
