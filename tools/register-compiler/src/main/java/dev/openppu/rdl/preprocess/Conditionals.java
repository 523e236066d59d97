package dev.openppu.rdl.preprocess;

import java.util.ArrayDeque;
import java.util.Deque;

/** The nested {@code `ifdef} … {@code `endif} of one text, up to where it is being read. */
final class Conditionals {

    private final Deque<Conditional> open = new ArrayDeque<>();

    private static final class Conditional {
        private final int offset;
        private final boolean outerActive;
        private boolean taken;
        private boolean active;
        private boolean elseSeen;

        Conditional(int offset, boolean outerActive, boolean active) {
            this.offset = offset;
            this.outerActive = outerActive;
            this.active = active;
            this.taken = active;
        }
    }

    /** Whether text here counts. */
    boolean active() {
        Conditional innermost = open.peek();
        return innermost == null || innermost.outerActive && innermost.active;
    }

    /** {@code `ifdef} or {@code `ifndef} at {@code offset}, whose condition is {@code holds}. */
    void begin(int offset, boolean holds) {
        open.push(new Conditional(offset, active(), holds));
    }

    /** {@code `elsif}; false if it belongs to nothing. */
    boolean elsif(boolean holds) {
        Conditional conditional = open.peek();
        if (conditional == null || conditional.elseSeen) {
            return false;
        }
        conditional.active = !conditional.taken && holds;
        conditional.taken |= conditional.active;
        return true;
    }

    /** {@code `else}; false if it belongs to nothing. */
    boolean otherwise() {
        Conditional conditional = open.peek();
        if (conditional == null || conditional.elseSeen) {
            return false;
        }
        conditional.active = !conditional.taken;
        conditional.elseSeen = true;
        return true;
    }

    /** {@code `endif}; false if it belongs to nothing. */
    boolean end() {
        return open.poll() != null;
    }

    /** Where the innermost conditional begins that has no end yet; -1 if all have. */
    int unended() {
        Conditional innermost = open.peek();
        return innermost == null ? -1 : innermost.offset;
    }
}
