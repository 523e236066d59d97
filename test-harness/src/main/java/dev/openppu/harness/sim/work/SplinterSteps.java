package dev.openppu.harness.sim.work;

import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Pitched;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Device memory in splinters: buffers of many sizes, of which some are given back before more are made that fit into the gaps, or nearly. Each page of each says whose it is, and no two buffers have one page. */
final class SplinterSteps {
    private static final int PAGE = 4096;
    /** From this size on memory begins where a large page does, and with that leaves gaps. */
    private static final int LARGE_PAGES = 512;
    private static final int LEAST = 5;
    private static final int MORE = 4;
    private static final int MOST_LARGE = 3;

    private final Workbench bench;
    private final Step step;
    private final Stream stream;
    private final List<Owned> present = new ArrayList<>();
    private int made;

    private record Owned(DeviceBuffer buffer, int pages, int number) {}

    SplinterSteps(Workbench bench, Step step) {
        this.bench = bench;
        this.step = step;
        this.stream = bench.stream(step);
    }

    void perform() {
        for (int i = LEAST + step.below(30, MORE); i > 0; i--) {
            make(1 + step.below(100 + made, LARGE_PAGES - 1));
        }
        bench.synchronize(stream);
        for (int left = present.size() / 2; present.size() > left;) {
            giveBack();
        }
        for (int i = 1 + step.below(31, MOST_LARGE); i > 0; i--) {
            make(LARGE_PAGES + step.below(100 + made, LARGE_PAGES / 2));
        }
        present.forEach(this::look);
        while (!present.isEmpty()) {
            giveBack();
        }
    }

    private void make(int pages) {
        Owned one = new Owned(bench.context().allocate((long) pages * PAGE), pages, step.number() * 100 + made++);
        stream.fill2D32(new Pitched(one.buffer, 0, PAGE), one.number, 1, pages);
        present.add(one);
    }

    private void giveBack() {
        present.remove(step.below(200 + present.size(), present.size())).buffer.close();
    }

    private void look(Owned one) {
        int[] wanted = new int[one.pages];
        Arrays.fill(wanted, one.number);
        MemorySegment back = MemorySegment.ofArray(new int[one.pages]);
        stream.copy2DToHost(back, Integer.BYTES, new Pitched(one.buffer, 0, PAGE), Integer.BYTES, one.pages);
        Contents.compare(bench.rules(), "%s in %s: %s, by its pages".formatted(step, bench, one.buffer), wanted, back);
    }
}
