/**
 * Memory-mapped registers, sealed into two kinds: mapped (an access is one load or store) and trapped (an access is a call).
 *
 * <p>Memory order, the notation of this code base: {@code read} is an acquire load, {@code write} a release store; nothing here is plain.
 */
package dev.openppu.hal.mmio;
