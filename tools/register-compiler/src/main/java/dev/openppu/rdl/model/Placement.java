package dev.openppu.rdl.model;

/**
 * What an instance adds to its type.
 *
 * @param name     the instance's name
 * @param typeName the type's name; the instance's name for an anonymous type
 * @param offset   bytes from the start of the parent
 * @param array    how often it repeats
 * @param external whether it is implemented outside of the generated block
 */
public record Placement(String name, String typeName, long offset, ArrayShape array, boolean external) {}
