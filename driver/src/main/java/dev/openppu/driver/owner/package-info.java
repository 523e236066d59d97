/**
 * The owner half: what a kernel driver does. Probing, firmware, messages, device memory and page tables, hardware queues, interrupts, health.
 *
 * <p>The device is not trusted: every index, length, address and status that it wrote is checked before use. No client is trusted either: a client names
 * objects by numbers, and each is checked to be of the client's own context.
 */
package dev.openppu.driver.owner;
