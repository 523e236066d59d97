package dev.openppu.rdl.model;

import dev.openppu.rdl.source.SourcePosition;

import org.jspecify.annotations.Nullable;

/**
 * A signal: a wire between components, such as a reset. Two signals are equal wherever they were written.
 *
 * @param name       the instance's name
 * @param typeName   the type's name
 * @param width      bits
 * @param properties what was given to it
 * @param origin     where it was written, or null where that is not known
 */
public record Signal(String name, String typeName, int width, Properties properties, @Nullable SourcePosition origin) implements Node {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Signal that && name.equals(that.name) && typeName.equals(that.typeName) && width == that.width
                && properties.equals(that.properties);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + width;
    }
}
