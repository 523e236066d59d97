/** The boot ROM: takes an image, trusts nothing, starts the firmware. */
package dev.openppu.model.boot;
