/** The device's interrupts: causes, their registers, moderation, and the messages that go to the PCIe function. */
package dev.openppu.model.interrupt;
