/**
 * Packets of the command queues: 64 bytes each, little-endian, as in the HSA Architected Queuing Language; the vendor formats are ours
 * ({@code docs/device.md}, section 5).
 *
 * <p>Each class documents one layout and reads and writes it in place, in a memory segment at a base offset; nothing here allocates. The memory must be
 * aligned to 8 bytes at the base. {@code encode} writes every byte of the body, reserved ones as zero, with plain stores, and never the first four bytes:
 * those hold the header and, by {@link dev.openppu.abi.packet.AqlHeader#publish}, appear last.
 *
 * <p>Names tell the memory order: {@code publish} is a release store, {@code acquire} an acquire load, everything else is plain.
 */
package dev.openppu.abi.packet;
