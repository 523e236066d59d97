package dev.openppu.rdl.model;

/**
 * A signal: a wire between components, such as a reset.
 *
 * @param name       the instance's name
 * @param typeName   the type's name
 * @param width      bits
 * @param properties what was given to it
 */
public record Signal(String name, String typeName, int width, Properties properties) implements Node {}
