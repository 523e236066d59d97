package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * References that wait to be bound: what they name may be instantiated after them, and how far away it is depends on where their
 * component is instantiated. Until the model is built, such a reference's {@code up} is negative and finds it here.
 */
final class References {

    private final List<Pending> pending = new ArrayList<>();

    /**
     * A reference as it was written.
     *
     * @param scope where it was written
     * @param span  its place
     */
    record Pending(Scope scope, Span span) {}

    /** A reference that waits. */
    Value.Reference add(Scope scope, List<Value.Step> steps, @Nullable String property, Span span) {
        pending.add(new Pending(scope, span));
        return new Value.Reference(-pending.size(), steps, property);
    }

    /** Whether {@code reference} waits. */
    static boolean isPending(Value.Reference reference) {
        return reference.up() < 0;
    }

    /** Where {@code reference} was written. */
    Pending find(Value.Reference reference) {
        return pending.get(-reference.up() - 1);
    }
}
