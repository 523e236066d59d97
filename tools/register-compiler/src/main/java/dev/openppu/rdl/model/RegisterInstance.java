package dev.openppu.rdl.model;

/**
 * One register of an expanded map: an element, where the register or a block around it is an array.
 *
 * @param path     its full name, indices included, for example {@code top.queue[3].control}
 * @param address  bytes from the start of the root
 * @param register what the map says of it; its own offset is that of the first element
 */
public record RegisterInstance(String path, long address, Register register) {}
