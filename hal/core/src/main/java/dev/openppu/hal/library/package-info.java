/** Devices in native libraries, behind the C interface {@code ppu_device.h}: one link, whichever way the library is called. */
package dev.openppu.hal.library;
