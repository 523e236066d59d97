package dev.openppu.hal.pci;

/**
 * A capability found in configuration space.
 *
 * @param id 8 bits, or 16 of an extended one
 * @param offset of its first byte
 * @param extended found in the list that begins at 0x100
 * @param version of an extended one, else 0
 */
public record Capability(int id, int offset, boolean extended, int version) {}
