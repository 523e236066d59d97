/**
 * The device's firmware, written as firmware: tasks over a small cooperative kernel, one thread of control, interrupts in, loads and stores out. It sees
 * {@link dev.openppu.model.firmware.board.Board} and nothing else of the device.
 */
package dev.openppu.model.firmware;
