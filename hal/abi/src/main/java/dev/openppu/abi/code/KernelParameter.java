package dev.openppu.abi.code;

/**
 * One parameter of a kernel.
 *
 * @param name as declared
 * @param type type of the value, or of an element where {@code bytes} is larger
 * @param offset byte offset in the parameter block, aligned to the type's size
 * @param bytes size in the parameter block
 */
public record KernelParameter(String name, DataType type, int offset, int bytes) {}
