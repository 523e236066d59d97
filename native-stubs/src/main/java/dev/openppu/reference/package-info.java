/** A small device in C behind the interface of devices in libraries, {@code native-stubs/include/ppu_device.h}. */
package dev.openppu.reference;
