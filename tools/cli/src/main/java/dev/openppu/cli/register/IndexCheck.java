package dev.openppu.cli.register;

import dev.openppu.cli.register.RegisterPath.Segment;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.ArrayShape;
import dev.openppu.rdl.model.Block;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Indices of a path against the arrays that they stand behind. */
final class IndexCheck {
    private IndexCheck() {}

    /** The elements that the indices mean, counted through all dimensions: one, all (without indices), or none (wrong indices). */
    static long[] elements(ArrayShape array, List<Long> indices) {
        if (indices.isEmpty()) {
            return LongStream.range(0, array.count()).toArray();
        }
        if (indices.size() != array.dimensions().size()) {
            return new long[0];
        }
        long element = 0;
        for (int i = 0; i < indices.size(); i++) {
            long extent = array.dimensions().get(i);
            if (indices.get(i) < 0 || indices.get(i) >= extent) {
                return new long[0];
            }
            element = element * extent + indices.get(i);
        }
        return new long[]{element};
    }

    /** What is wrong with an index of {@code path}, if the names before it exist. */
    static Optional<String> of(AddressMap map, RegisterPath path) {
        Block block = map;
        for (Segment segment : path.segments()) {
            if (!(block.child(segment.name()).orElse(null) instanceof Addressable child)) {
                return Optional.empty();
            }
            if (elements(child.array(), segment.indices()).length == 0) {
                return Optional.of(problem(child.array(), segment));
            }
            if (!(child instanceof Block inner)) {
                return Optional.empty();
            }
            block = inner;
        }
        return Optional.empty();
    }

    private static String problem(ArrayShape array, Segment segment) {
        if (!array.isArray()) {
            return segment.name() + " is no array";
        }
        return segment + " is not there: " + segment.name() + " has " + array.count() + " elements, [0] to [" + (array.count() - 1) + "]";
    }
}
