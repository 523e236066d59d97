/**
 * The PPU driver's public interface: {@link dev.openppu.driver.Ppu} opens a device, {@link dev.openppu.driver.Context} is an address space on it,
 * {@link dev.openppu.driver.Stream} an ordered queue of work.
 *
 * <p>Two halves stand below it: {@code owner} does what a kernel driver does, {@code client} what a user-mode driver does; they meet at
 * {@link dev.openppu.driver.owner.OwnerService}, which carries only values and shared memory. Submission never passes through the owner.
 *
 * <p>Clock, waiting and threads come from the link ({@link dev.openppu.hal.LinkRuntime}) and from nowhere else, so the same driver runs under a real and under a
 * simulated clock. Host memory that the device writes is read by acquire loads and written by release stores; nothing that the device wrote is
 * used before it was checked.
 */
package dev.openppu.driver;
