package dev.openppu.model.sim;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.function.LongSupplier;

/** One line an event: {@code nanoseconds actor kind detail}. The format is documented in docs/simulation.md. */
final class TextTrace implements Trace, AutoCloseable {
    private final BufferedWriter out;
    private final LongSupplier clock;
    private boolean closed;

    TextTrace(Writer out, LongSupplier clock) {
        this.out = new BufferedWriter(out, 1 << 16);
        this.clock = clock;
    }

    @Override
    public boolean on() {
        return true;
    }

    @Override
    public synchronized void record(String actor, String kind, String detail) {
        if (closed) {
            return;
        }
        try {
            out.append(Long.toString(clock.getAsLong())).append(' ').append(actor).append(' ').append(kind);
            if (!detail.isEmpty()) {
                out.append(' ').append(detail);
            }
            out.append('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the trace", e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the trace", e);
        }
    }
}
