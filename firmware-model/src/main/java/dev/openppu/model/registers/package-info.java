/** The device's registers: the compiled map brought to life behind the BARs, and the hardware's port to it. */
package dev.openppu.model.registers;
