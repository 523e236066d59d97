package dev.openppu.rdl.emit.html;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Placement;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Register;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of a map's blocks and registers. Whatever has the same contents is one type, so that the document is as large as the
 * description is, not as the number of instances.
 */
final class Catalog {

    private final Map<Object, DescribedType> types = new HashMap<>();
    private final Map<List<Node>, BlockType> known = new IdentityHashMap<>();
    private final List<BlockType> blocks = new ArrayList<>();
    private final BlockType root;
    private int registers;

    private record BlockKey(Class<?> kind, String typeName, Properties properties, List<Node> others, long size,
            List<MemberKey> members) {}

    private record MemberKey(Placement placement, DescribedType type) {}

    private record RegisterKey(@Nullable String name, Properties properties, List<Field> fields) {}

    Catalog(AddressMap map) {
        root = block(map);
        number(root, map);
        new PlaceFinder().visit(map, root);
    }

    /** The whole map. */
    BlockType root() {
        return root;
    }

    /** All types of blocks, the root first, each before those that it brings in. */
    List<BlockType> blocks() {
        return blocks;
    }

    private DescribedType type(Addressable node) {
        return switch (node) {
            case Block block -> block(block);
            case Register register -> types.computeIfAbsent(key(register), key -> new RegisterType(register));
        };
    }

    private BlockType block(Block block) {
        BlockType cached = known.get(block.children());
        if (cached != null && isSame(cached.sample(), block)) {
            return cached;
        }
        List<BlockType.Member> members = new ArrayList<>();
        List<MemberKey> keys = new ArrayList<>();
        List<Node> others = new ArrayList<>();
        for (Node child : block.children()) {
            if (child instanceof Addressable addressable) {
                DescribedType type = type(addressable);
                members.add(new BlockType.Member(addressable, type));
                keys.add(new MemberKey(addressable.placement(), type));
            } else {
                others.add(child);
            }
        }
        BlockKey key = new BlockKey(block.getClass(), block.typeName(), block.properties(), others, block.elementSize(), keys);
        BlockType type = (BlockType) types.computeIfAbsent(key, none -> new BlockType(block, members));
        known.put(block.children(), type);
        return type;
    }

    private static boolean isSame(Block a, Block b) {
        return a.getClass() == b.getClass() && a.typeName().equals(b.typeName()) && a.elementSize() == b.elementSize()
                && a.properties().equals(b.properties());
    }

    /** A text that tells the instance's name must not be shared between instances. */
    private static RegisterKey key(Register register) {
        boolean named = RichText.tellsInstance(register) || register.fields().stream().anyMatch(RichText::tellsInstance);
        return new RegisterKey(named ? register.name() : null, register.properties(), register.fields());
    }

    private void number(BlockType block, Block first) {
        block.number(blocks.size(), first);
        blocks.add(block);
        for (BlockType.Member member : block.members) {
            if (member.type() instanceof RegisterType register && !register.isNumbered()) {
                register.number(registers++, (Register) member.node());
                block.described.add(register);
            }
        }
        for (BlockType.Member member : block.members) {
            if (member.type() instanceof BlockType inner && !inner.isNumbered()) {
                number(inner, (Block) member.node());
            }
        }
    }
}
