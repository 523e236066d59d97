package dev.openppu.rdl.model;

import dev.openppu.rdl.source.SourcePosition;

import org.jspecify.annotations.Nullable;

/** A node that occupies addresses. Offsets and sizes are in bytes. */
public sealed interface Addressable extends Node permits Block, Register {

    /** Where it stands in its parent. */
    Placement placement();

    /** Bytes that one element occupies. */
    long elementSize();

    @Override
    default String name() {
        return placement().name();
    }

    @Override
    default String typeName() {
        return placement().typeName();
    }

    @Override
    default @Nullable SourcePosition origin() {
        return placement().origin();
    }

    /** Bytes from the parent's first to the first element's first. */
    default long offset() {
        return placement().offset();
    }

    /** How often it repeats. */
    default ArrayShape array() {
        return placement().array();
    }

    /** Bytes that all elements occupy together, with the gaps after each of them, the last too: what follows stands behind it. */
    default long totalSize() {
        return array().isArray() ? array().stride() * array().count() : elementSize();
    }
}
