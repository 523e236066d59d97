/**
 * One interface to a PCIe device, whatever stands behind it: {@link dev.openppu.hal.DeviceLink}.
 *
 * <p>Links are found by URI through {@link java.util.ServiceLoader} (see {@link dev.openppu.hal.Links}). Nothing in this module knows a PPU.
 */
package dev.openppu.hal;
