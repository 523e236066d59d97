package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.path.LocatedNode;
import java.util.IdentityHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds the registers that have to be there from the start, because they follow others; skips what has none of them. */
final class Following {

    /** Each needs some hundred bytes. */
    private static final long MOST = 1 << 20;

    private final Consumer<LocatedNode> found;
    private final IdentityHashMap<Addressable, Long> counts = new IdentityHashMap<>();

    Following(Consumer<LocatedNode> found) {
        this.found = found;
    }

    /** Hands over those in {@code root}. */
    void bear(LocatedNode root) {
        long count = count((Addressable) root.node());
        if (count > MOST) {
            throw new IllegalArgumentException(
                    "more than " + MOST + " registers follow others by their properties; these have to be there from the start");
        }
        bearIn(root);
    }

    private void bearIn(LocatedNode node) {
        if (node.node() instanceof Block block) {
            children(block).filter(child -> count(child) > 0).forEach(child -> {
                for (long element = 0; element < child.array().count(); element++) {
                    bearIn(node.element(child, element));
                }
            });
        } else {
            found.accept(node);
        }
    }

    /** How many there are in one element of {@code node}; {@link #MOST} + 1 for all that are more. */
    private long count(Addressable node) {
        Long known = counts.get(node);
        if (known != null) {
            return known;
        }
        long count = switch (node) {
            case Register register -> RegisterBehaviour.follows(register) ? 1 : 0;
            case Block block -> children(block).mapToLong(this::countAll).reduce(0, (a, b) -> Math.min(MOST + 1, a + b));
        };
        counts.put(node, count);
        return count;
    }

    private long countAll(Addressable child) {
        long each = count(child);
        return each == 0 ? 0 : Math.min(MOST + 1, each * Math.min(MOST + 1, child.array().count()));
    }

    private static Stream<Addressable> children(Block block) {
        return block.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast);
    }
}
