package dev.openppu.rdl.path;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import java.util.ArrayList;
import java.util.List;

/** The addressable children of a block, to be found by offset although arrays may interleave and registers may share an address. */
final class BlockIndex {

    private final Addressable[] children;
    /** The highest end among the children up to each: where it is not beyond an offset, nothing earlier can cover that. */
    private final long[] highestEnd;

    BlockIndex(Block block) {
        children = block.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast)
                .toArray(Addressable[]::new);
        highestEnd = new long[children.length];
        long highest = 0;
        for (int i = 0; i < children.length; i++) {
            highest = Math.max(highest, children[i].offset() + children[i].totalSize());
            highestEnd[i] = highest;
        }
    }

    /** An element of a child. */
    record Hit(Addressable child, long element) {}

    /** The elements that cover {@code offset}, those of later children first. */
    List<Hit> covering(long offset) {
        List<Hit> hits = new ArrayList<>(2);
        for (int i = lastBefore(offset); i >= 0 && highestEnd[i] > offset; i--) {
            Addressable child = children[i];
            long stride = child.array().stride();
            long distance = offset - child.offset();
            long element = child.array().isArray() && stride > 0 ? distance / stride : 0;
            if (element < child.array().count() && distance - element * stride < child.elementSize()) {
                hits.add(new Hit(child, element));
            }
        }
        return hits;
    }

    /** The last child that begins at {@code offset} or before it, or -1. */
    private int lastBefore(long offset) {
        int low = 0;
        int high = children.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (children[middle].offset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
