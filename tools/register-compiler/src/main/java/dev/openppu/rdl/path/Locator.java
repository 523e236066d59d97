package dev.openppu.rdl.path;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the nodes of a map by path and by address, without expanding its arrays: the effort depends on how deep the map is nested,
 * not on how many elements it has. Safe for several threads.
 */
public final class Locator {

    private static final int MOST_NAMES = 12;

    private final LocatedNode root;
    private final Map<Block, BlockIndex> indexes = Collections.synchronizedMap(new IdentityHashMap<>());

    /** Finds places in {@code map}. */
    public Locator(AddressMap map) {
        this.root = LocatedNode.root(map);
    }

    /** The map itself. */
    public LocatedNode root() {
        return root;
    }

    // ---- by path

    /**
     * The block, register, field or signal that {@code path} names. The map's own name may lead or be left out; every array needs
     * its indices.
     *
     * @throws PathException if there is none
     */
    public LocatedNode find(String path) {
        return find(path, false);
    }

    /**
     * As {@link #find}, but an array whose indices are left out stands for its first element: for what all elements share, such as
     * the meaning of a register's bits.
     *
     * @throws PathException if there is none
     */
    public LocatedNode findAny(String path) {
        return find(path, true);
    }

    private LocatedNode find(String path, boolean anyElement) {
        List<Step> steps = NodePath.parse(path).steps();
        Step first = steps.getFirst();
        boolean rooted = first.name().equals(root.node().name()) && first.indices().isEmpty()
                && (steps.size() == 1 || child(root, steps.get(1).name()) != null || child(root, first.name()) == null);
        LocatedNode at = root;
        for (Step step : rooted ? steps.subList(1, steps.size()) : steps) {
            at = descend(at, step, path, anyElement);
        }
        return at;
    }

    private static LocatedNode descend(LocatedNode from, Step step, String path, boolean anyElement) {
        Node child = child(from, step.name());
        if (child == null) {
            throw new PathException("'" + path + "': there is no '" + step.name() + "' in " + from.path() + "; " + namesIn(from));
        }
        List<Long> dimensions = child instanceof Addressable node ? node.array().dimensions() : List.of();
        boolean complete = step.indices().size() == dimensions.size() || step.indices().isEmpty() && anyElement;
        for (int d = 0; complete && d < step.indices().size(); d++) {
            complete = step.indices().get(d) < dimensions.get(d);
        }
        if (!complete) {
            throw new PathException("'" + path + "': " + (dimensions.isEmpty()
                    ? step.name() + " is no array"
                    : step.name() + " is an array, " + extents(dimensions) + "; name one element, counted from 0"));
        }
        return step(from, child, step.indices());
    }

    private static String extents(List<Long> dimensions) {
        return dimensions.stream().map(extent -> "[" + extent + "]").collect(Collectors.joining());
    }

    private static String namesIn(LocatedNode from) {
        List<String> names = children(from).map(Node::name).toList();
        if (names.isEmpty()) {
            return "it has nothing in it";
        }
        String shown = String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())));
        return "it has " + shown + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
    }

    /** What {@code steps} lead to from a place, as references in a map do; indices left out are 0. Empty if they lead nowhere. */
    public Optional<LocatedNode> follow(LocatedNode from, List<Step> steps) {
        LocatedNode at = from;
        for (Step step : steps) {
            Node child = child(at, step.name());
            if (child == null) {
                return Optional.empty();
            }
            at = step(at, child, step.indices());
        }
        return Optional.of(at);
    }

    private static LocatedNode step(LocatedNode from, Node child, List<Long> indices) {
        return child instanceof Addressable node
                ? from.element(node, flat(node.array().dimensions(), indices))
                : new LocatedNode(child, from.address(), 0, from);
    }

    private static long flat(List<Long> dimensions, List<Long> indices) {
        long flat = 0;
        for (int d = 0; d < dimensions.size(); d++) {
            flat = flat * dimensions.get(d) + (d < indices.size() ? indices.get(d) : 0);
        }
        return flat;
    }

    private static @Nullable Node child(LocatedNode of, String name) {
        return children(of).filter(child -> child.name().equals(name)).findFirst().orElse(null);
    }

    private static Stream<Node> children(LocatedNode of) {
        return switch (of.node()) {
            case Block block -> block.children().stream();
            case Register register -> Stream.concat(register.fields().stream(), register.signals().stream());
            default -> Stream.empty();
        };
    }

    // ---- by address

    /**
     * What covers the byte at {@code address}: registers, of which two may share an address, one for reads and one for writes, and
     * memories, which come after the virtual registers that lie over them. Empty where nothing is.
     */
    public List<LocatedNode> at(long address) {
        List<LocatedNode> found = new ArrayList<>(2);
        if (address >= 0) {
            collect(root, address, found);
        }
        return found;
    }

    private void collect(LocatedNode at, long address, List<LocatedNode> found) {
        switch (at.node()) {
            case Register _ -> found.add(at);
            case Block block -> {
                for (BlockIndex.Hit hit : indexes.computeIfAbsent(block, BlockIndex::new).covering(address - at.address())) {
                    collect(at.element(hit.child(), hit.element()), address, found);
                }
                if (block instanceof Memory && address - at.address() < block.elementSize()) {
                    found.add(at);
                }
            }
            default -> {
            }
        }
    }
}
