/** Dumps of a device, read and shown. */
package dev.openppu.cli.dump;
