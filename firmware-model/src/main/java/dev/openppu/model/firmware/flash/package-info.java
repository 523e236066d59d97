/** What boot ROM and firmware agree on about the flash: where things are, how records survive a loss of power, which slot boots. */
package dev.openppu.model.firmware.flash;
