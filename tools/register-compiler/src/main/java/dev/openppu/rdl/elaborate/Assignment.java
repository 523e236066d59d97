package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Span;

/**
 * A property given to a component.
 *
 * @param value     the value; references in it are still pending
 * @param span      where it was given
 * @param byDefault whether a {@code default} around the component gave it, not the component itself
 */
record Assignment(Value value, Span span, boolean byDefault) {}
