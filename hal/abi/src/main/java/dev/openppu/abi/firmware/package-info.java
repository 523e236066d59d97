/** The firmware image, its keys, and the messages between driver and firmware ({@code docs/device.md}, sections 3 and 4; all of it ours). */
package dev.openppu.abi.firmware;
