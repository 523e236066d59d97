package dev.openppu.rdl.model;

import dev.openppu.rdl.source.SourcePosition;

import org.jspecify.annotations.Nullable;

/**
 * What an instance adds to its type. Two placements are equal wherever they were written.
 *
 * @param name     the instance's name
 * @param typeName the type's name; the instance's name for an anonymous type
 * @param offset   bytes from the start of the parent
 * @param array    how often it repeats
 * @param external whether it is implemented outside of the generated block
 * @param origin   where it was written, or null where that is not known
 */
public record Placement(String name, String typeName, long offset, ArrayShape array, boolean external,
        @Nullable SourcePosition origin) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Placement that && name.equals(that.name) && typeName.equals(that.typeName) && offset == that.offset
                && array.equals(that.array) && external == that.external;
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Long.hashCode(offset);
    }
}
