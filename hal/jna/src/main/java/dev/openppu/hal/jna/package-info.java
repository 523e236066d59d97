/** Devices in libraries, called through JNA. */
package dev.openppu.hal.jna;
