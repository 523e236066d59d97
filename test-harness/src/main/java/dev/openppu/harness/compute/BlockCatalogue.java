package dev.openppu.harness.compute;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/** Programs of instructions by which threads of a warp or a block tell each other something: exchanges, votes, reductions, barriers (docs/tix.md, section 3). */
public final class BlockCatalogue {
    private final List<BlockCheck> all = new ArrayList<>();

    private BlockCatalogue() {}

    /** By what they show. */
    public static Map<String, List<BlockCheck>> groups() {
        BlockCatalogue catalogue = new BlockCatalogue();
        WarpPrograms.addTo(catalogue);
        BarrierPrograms.addTo(catalogue);
        return catalogue.all.stream().collect(Collectors.groupingBy(BlockCheck::group, LinkedHashMap::new, Collectors.toList()));
    }

    Group group(String title) {
        return new Group(title, all);
    }

    /**
     * Programs that show the same.
     *
     * @param all where they go
     */
    record Group(String title, List<BlockCheck> all) {
        void check(String head, String special, int threads, IntUnaryOperator expected) {
            String shown = special.strip().replaceAll("\\s+", " ");
            all.add(new BlockCheck(title, shown, head + special, threads, expected));
        }
    }
}
