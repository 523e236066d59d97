package dev.openppu.system;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Stream;
import java.lang.foreign.ValueLayout;

/** Holds streams until a test opens it; closing opens it. */
final class Gate implements AutoCloseable {
    private final PinnedBuffer word;

    Gate(Context context) {
        word = context.allocatePinned(Integer.BYTES);
    }

    /** What is submitted to the stream from now on waits for the gate. */
    void hold(Stream stream) {
        stream.waitValue32(word, 0, Compare.EQUAL, 1);
    }

    void open() {
        word.segment().set(ValueLayout.JAVA_INT, 0, 1);
    }

    @Override
    public void close() {
        if (!word.context().closed()) {
            open();
        }
        word.close();
    }
}
