package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import java.util.stream.Collectors;

/** Finds where the blocks of each type stand. A description may instantiate more than anyone reads: there is an end to it. */
final class PlaceFinder {

    private static final int LISTED = 8;
    private static final int VISITED = 200_000;

    private int visits;

    void visit(AddressMap map, BlockType root) {
        visit(root, map.name(), map.offset());
    }

    private void visit(BlockType type, String path, long address) {
        if (visits++ > VISITED) {
            return;
        }
        if (type.places.size() <= LISTED) {
            type.places.add(new BlockType.Place(path, address));
        }
        for (BlockType.Member member : type.members) {
            if (member.type() instanceof BlockType inner) {
                Addressable node = member.node();
                visit(inner, path + "." + node.name() + shape(node), address + node.offset());
            }
        }
    }

    /** {@code [4][2]}; empty for a single instance. */
    static String shape(Addressable node) {
        return node.array().dimensions().stream().map(n -> "[" + n + "]").collect(Collectors.joining());
    }
}
