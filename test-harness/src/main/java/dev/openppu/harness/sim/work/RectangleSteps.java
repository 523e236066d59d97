package dev.openppu.harness.sim.work;

import dev.openppu.driver.Pitched;
import dev.openppu.driver.PitchedBuffer;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Copies of rectangles, each side with a pitch of its own, and fills of them, with elements of one, two and four bytes. What lies between rows has to stay as it was. */
final class RectangleSteps {
    private static final int MOST_WIDTH = 200;
    private static final int MOST_GAP = 40;
    private static final int MOST_ROWS = 10;
    private static final int ELEMENT_BYTES = 4;
    private static final byte UNTOUCHED = 0x5a;

    private final Workbench bench;

    RectangleSteps(Workbench bench) {
        this.bench = bench;
    }

    /** Rows in a range of bytes. */
    private record Rows(long from, long pitch, long width, long height) {
        static long height(long bytes, long pitch, long width) {
            return 1 + (bytes - width) / pitch;
        }

        /** Anywhere in so many bytes, by the step's dice from {@code which} on. */
        static Rows within(long bytes, long pitch, long width, long height, Step step, int which) {
            return new Rows(step.below(which, (int) (bytes - (height - 1) * pitch - width) + 1), pitch, width, height);
        }

        /** From the first byte on. */
        static Rows atBegin(long pitch, long width, long height) {
            return new Rows(0, pitch, width, height);
        }

        long bytes() {
            return from + (height - 1) * pitch + width;
        }

        Pitched of(Contents contents) {
            return new Pitched(contents.buffer(), from, pitch);
        }

        MemorySegment row(MemorySegment memory, long row) {
            return memory.asSlice(from + row * pitch, width);
        }

        void copy(MemorySegment source, MemorySegment destination, Rows to) {
            for (long row = 0; row < height; row++) {
                to.row(destination, row).copyFrom(row(source, row));
            }
        }
    }

    void perform(Step step) {
        Stream stream = bench.stream(step);
        Contents contents = bench.buffer(step);
        switch (step.kind()) {
            case FILL_RECTANGLE -> fillWords(step, stream, contents);
            case FILL_NARROW -> fill(step, stream, contents);
            case FILL_RECTANGLE_NARROW -> fillRows(step, stream, contents);
            case COPY_RECTANGLE -> copy(step, stream, contents, bench.otherBuffer(step));
            case RECTANGLE_IN -> in(step, stream, contents);
            case RECTANGLE_OUT -> out(step, stream, contents);
            case RECTANGLES_BESIDE -> beside(step, stream, contents);
            case PITCHED -> pitched(step, stream, contents);
            default -> throw new IllegalArgumentException(step + " is not about rectangles");
        }
    }

    private void fillWords(Step step, Stream stream, Contents contents) {
        int pitch = 1 + step.below(2, Math.min(64, contents.length()));
        int width = 1 + step.below(3, pitch);
        int height = 1 + step.below(4, contents.length() / pitch);
        int from = step.below(5, contents.length() - ((height - 1) * pitch + width) + 1);
        int value = step.below(6, Integer.MAX_VALUE);
        bench.order(contents, stream, step);
        stream.fill2D32(new Pitched(contents.buffer(), (long) from * Integer.BYTES, (long) pitch * Integer.BYTES), value, width, height);
        for (int row = 0; row < height; row++) {
            Arrays.fill(contents.words(), from + row * pitch, from + row * pitch + width, value);
        }
    }

    private void fill(Step step, Stream stream, Contents contents) {
        int element = 1 + step.below(2, 2);
        int from = step.below(3, (int) contents.bytes() / element);
        int count = 1 + step.below(4, (int) contents.bytes() / element - from);
        int value = step.below(5, 1 << 16);
        bench.order(contents, stream, step);
        if (element == 1) {
            stream.fill8(contents.buffer(), from, (byte) value, count);
        } else {
            stream.fill16(contents.buffer(), (long) from * element, (short) value, count);
        }
        repeat(contents.memory().asSlice((long) from * element, (long) count * element), element, value);
    }

    private void fillRows(Step step, Stream stream, Contents contents) {
        int element = 1 + step.below(2, 2);
        int all = (int) contents.bytes() / element;
        int width = 1 + step.below(3, Math.min(MOST_WIDTH, all));
        int pitch = width + step.below(4, MOST_GAP);
        long height = 1L + step.below(5, (int) Math.min(MOST_ROWS, Rows.height(all, pitch, width)));
        int from = step.below(6, (int) (all - (height - 1) * pitch - width) + 1);
        Rows rows = new Rows((long) from * element, (long) pitch * element, (long) width * element, height);
        int value = step.below(9, 1 << 16);
        bench.order(contents, stream, step);
        if (element == 1) {
            stream.fill2D8(rows.of(contents), (byte) value, width, height);
        } else {
            stream.fill2D16(rows.of(contents), (short) value, width, height);
        }
        for (long row = 0; row < height; row++) {
            repeat(rows.row(contents.memory(), row), element, value);
        }
    }

    private static void repeat(MemorySegment memory, int element, int value) {
        if (element == 1) {
            memory.fill((byte) value);
            return;
        }
        for (long at = 0; at < memory.byteSize(); at += element) {
            memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
        }
    }

    private void copy(Step step, Stream stream, Contents from, Contents to) {
        if (from == to) {
            return;
        }
        long width = width(step, Math.min(from.bytes(), to.bytes()));
        long sourcePitch = width + step.below(3, MOST_GAP);
        long pitch = width + step.below(4, MOST_GAP);
        long most = Math.min(Rows.height(from.bytes(), sourcePitch, width), Rows.height(to.bytes(), pitch, width));
        long height = height(step, most);
        Rows source = Rows.within(from.bytes(), sourcePitch, width, height, step, 6);
        Rows destination = Rows.within(to.bytes(), pitch, width, height, step, 9);
        bench.order(from, stream, step);
        bench.order(to, stream, step);
        stream.copy2D(destination.of(to), source.of(from), width, height);
        source.copy(from.memory(), to.memory(), destination);
    }

    /** Columns of one buffer to those right behind them, or back: they do not overlap, though from first to last byte they do. */
    private void beside(Step step, Stream stream, Contents contents) {
        if (contents.bytes() < 2) {
            return;
        }
        long width = 1L + step.below(2, (int) Math.min(MOST_WIDTH, contents.bytes() / 2));
        long pitch = 2 * width + step.below(3, MOST_GAP);
        long height = height(step, Rows.height(contents.bytes(), pitch, 2 * width));
        Rows both = Rows.within(contents.bytes(), pitch, 2 * width, height, step, 6);
        Rows left = new Rows(both.from, pitch, width, height);
        Rows right = new Rows(both.from + width, pitch, width, height);
        Rows source = step.below(9, 2) == 0 ? left : right;
        Rows destination = source == left ? right : left;
        bench.order(contents, stream, step);
        stream.copy2D(destination.of(contents), source.of(contents), width, height);
        source.copy(contents.memory(), contents.memory(), destination);
    }

    private static long width(Step step, long bytes) {
        return 1L + step.below(2, (int) Math.min(MOST_WIDTH, bytes));
    }

    private static long height(Step step, long most) {
        return 1L + step.below(5, (int) Math.min(MOST_ROWS, most));
    }

    private void in(Step step, Stream stream, Contents contents) {
        long width = width(step, contents.bytes());
        long pitch = width + step.below(3, MOST_GAP);
        long height = height(step, Rows.height(contents.bytes(), pitch, width));
        Rows destination = Rows.within(contents.bytes(), pitch, width, height, step, 6);
        Rows source = Rows.atBegin(width + step.below(4, MOST_GAP), width, height);
        MemorySegment host = numbers(step, source.bytes());
        bench.order(contents, stream, step);
        stream.copy2DToDevice(destination.of(contents), host, source.pitch, width, height);
        source.copy(host, contents.memory(), destination);
    }

    private static MemorySegment numbers(Step step, long bytes) {
        byte[] numbers = new byte[(int) bytes];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (byte) (step.below(100, 256) + i + (i >> Byte.SIZE));
        }
        return MemorySegment.ofArray(numbers);
    }

    private void out(Step step, Stream stream, Contents contents) {
        long width = width(step, contents.bytes());
        long pitch = width + step.below(3, MOST_GAP);
        long height = height(step, Rows.height(contents.bytes(), pitch, width));
        Rows source = Rows.within(contents.bytes(), pitch, width, height, step, 6);
        Rows destination = Rows.atBegin(width + step.below(4, MOST_GAP), width, height);
        bench.order(contents, stream, step);
        MemorySegment back = untouched(destination);
        stream.copy2DToHost(back, destination.pitch, source.of(contents), width, height);
        MemorySegment wanted = untouched(destination);
        source.copy(contents.memory(), wanted, destination);
        Contents.compareBytes(bench.rules(), step + " of " + contents.buffer(), wanted, back);
    }

    private static MemorySegment untouched(Rows rows) {
        return MemorySegment.ofArray(new byte[(int) rows.bytes()]).fill(UNTOUCHED);
    }

    /** Through memory that the driver has laid out in rows, and back. */
    private void pitched(Step step, Stream stream, Contents contents) {
        long width = width(step, contents.bytes());
        long pitch = width + step.below(3, MOST_GAP);
        long height = height(step, Rows.height(contents.bytes(), pitch, width));
        Rows source = Rows.within(contents.bytes(), pitch, width, height, step, 6);
        Rows host = Rows.atBegin(width, width, height);
        bench.order(contents, stream, step);
        try (PitchedBuffer between = bench.context().allocatePitched(width, height, ELEMENT_BYTES)) {
            stream.copy2D(between.at(0, 0), source.of(contents), width, height);
            MemorySegment back = untouched(host);
            stream.copy2DToHost(back, width, between.at(0, 0), width, height);
            MemorySegment wanted = untouched(host);
            source.copy(contents.memory(), wanted, host);
            Contents.compareBytes(bench.rules(), step + " through " + between.memory(), wanted, back);
        }
    }
}
