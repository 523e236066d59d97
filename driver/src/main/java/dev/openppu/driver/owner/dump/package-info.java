/**
 * Dumps: what a device and its driver look like at the moment of a hang or a loss, in one file of JSON lines ({@code docs/recovery.md}). Nothing here may fail the driver.
 */
package dev.openppu.driver.owner.dump;
