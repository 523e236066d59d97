package dev.openppu.rdl.compare;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Compares two elaborated maps. Nodes are matched by name, then, where neither name is known to the other map, by place. Arrays
 * are compared as arrays: a difference in a million elements is one change.
 */
public final class MapDiff {

    private final List<Change> changes = new ArrayList<>();

    private MapDiff() {}

    /**
     * What changed from {@code before} to {@code after}, in the order of addresses. Empty if a driver's author can see no
     * difference; names of types, and places in sources, are none.
     */
    public static List<Change> between(AddressMap before, AddressMap after) {
        MapDiff diff = new MapDiff();
        if (!before.equals(after)) {
            if (!before.name().equals(after.name())) {
                diff.changes.add(new Change.Renamed(before.name(), before.name(), after.name()));
            }
            diff.compareInside(before.name(), before, after, 0, 0);
        }
        return List.copyOf(diff.changes);
    }

    /** Whether any of {@code changes} breaks a driver. */
    public static boolean breaks(List<Change> changes) {
        return changes.stream().anyMatch(Change::breaking);
    }

    private void compare(String path, Addressable before, Addressable after, long oldBase, long newBase) {
        long oldAddress = oldBase + before.offset();
        long newAddress = newBase + after.offset();
        if (before.offset() != after.offset()) {
            changes.add(new Change.Moved(path, oldAddress, newAddress));
        }
        if (!before.array().equals(after.array())) {
            changes.add(new Change.Resized(path, before.array(), after.array()));
        }
        compareInside(path, before, after, oldAddress, newAddress);
    }

    private void compareInside(String path, Addressable before, Addressable after, long oldBase, long newBase) {
        if (before instanceof Memory oldMemory && after instanceof Memory newMemory) {
            width(path, "memwidth", oldMemory.width(), newMemory.width());
            width(path, "mementries", oldMemory.entries(), newMemory.entries());
        }
        if (before instanceof Register oldRegister && after instanceof Register newRegister) {
            width(path, "regwidth", oldRegister.width(), newRegister.width());
            width(path, "accesswidth", oldRegister.accessWidth(), newRegister.accessWidth());
            changes.addAll(FieldDiff.between(path, oldRegister, newRegister));
        }
        changes.addAll(PropertyDiff.between(path, before, after));
        if (before instanceof Block oldBlock && after instanceof Block newBlock) {
            compareChildren(path, oldBlock, newBlock, oldBase, newBase);
        }
    }

    private void width(String path, String property, long before, long after) {
        if (before != after) {
            changes.add(new Change.Width(path, property, before, after));
        }
    }

    private void compareChildren(String path, Block before, Block after, long oldBase, long newBase) {
        Matches<Addressable> matches = Matches.of(addressable(before), addressable(after), MapDiff::sameKind, MapDiff::samePlace);
        for (Matches.Pair<Addressable> pair : matches.pairs()) {
            Addressable old = pair.before();
            Addressable now = pair.after();
            String childPath = path(path, old == null ? Objects.requireNonNull(now) : old);
            if (old == null) {
                changes.add(new Change.Added(childPath, what(Objects.requireNonNull(now)), newBase + now.offset()));
            } else if (now == null) {
                changes.add(new Change.Removed(childPath, what(old), oldBase + old.offset()));
            } else if (!old.equals(now)) {
                if (!old.name().equals(now.name())) {
                    changes.add(new Change.Renamed(childPath, old.name(), now.name()));
                }
                compare(childPath, old, now, oldBase, newBase);
            }
        }
    }

    private static List<Addressable> addressable(Block block) {
        return block.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast).toList();
    }

    private static boolean sameKind(Addressable a, Addressable b) {
        return a instanceof Register == b instanceof Register && a instanceof Memory == b instanceof Memory;
    }

    private static boolean samePlace(Addressable a, Addressable b) {
        return a.offset() == b.offset() && a.array().equals(b.array()) && a.elementSize() == b.elementSize();
    }

    private static Change.What what(Addressable node) {
        return node instanceof Register ? Change.What.REGISTER : Change.What.BLOCK;
    }

    private static String path(String parent, Node node) {
        int dimensions = node instanceof Addressable addressable ? addressable.array().dimensions().size() : 0;
        return parent + "." + node.name() + "[*]".repeat(dimensions);
    }
}
