package dev.openppu.harness.sim.work;

import dev.openppu.driver.Context;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import dev.openppu.harness.sim.check.Rules;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A second context of a tenant, with a stream and a buffer; no other tenant is in it. */
final class Neighbour {
    private static final int MOST_WORDS = 600;

    private final Context context;
    private final Stream stream;
    private final Contents contents;

    Neighbour(Ppu ppu, Step step) {
        context = ppu.createContext();
        try {
            stream = context.createStream();
            int[] words = new int[1 + step.below(60, MOST_WORDS)];
            contents = new Contents(context.allocate((long) words.length * Integer.BYTES), words);
            fill(stream, step.number());
        } catch (RuntimeException | Error e) {
            context.close();
            throw e;
        }
    }

    /** All of the buffer. */
    private void fill(Stream by, int value) {
        by.fill32(contents.buffer(), 0, value, contents.length());
        Arrays.fill(contents.words(), value);
        contents.usedBy(by);
    }

    /** The same, behind whatever used it before. */
    void fill(Workbench bench, Step step, int value) {
        bench.order(contents, stream, step);
        fill(stream, value);
    }

    Context context() {
        return context;
    }

    Stream stream() {
        return stream;
    }

    Contents contents() {
        return contents;
    }

    /** Nothing uses the buffer any more, of whatever context it is. */
    void settle(Workbench bench) {
        Stream last = contents.last();
        if (last != null) {
            bench.synchronize(last);
        }
        contents.usedBy(null);
    }

    /** Looks at the buffer, which was settled, by its own context's stream. */
    void verify(Rules rules, String what) {
        MemorySegment back = MemorySegment.ofArray(new int[contents.length()]);
        stream.copyToHost(back, contents.buffer(), 0);
        Contents.compare(rules, "%s: %s".formatted(what, contents.buffer()), contents.words(), back);
    }

    /** Throws what it is lost by, if it is: who waits for work of another context may not hear of that. */
    void requireAlive() {
        context.failure().ifPresent(failure -> {
            throw failure;
        });
    }

    void close() {
        context.close();
    }
}
