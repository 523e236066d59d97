package dev.openppu.rdl.emit.naming;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The types of blocks in some maps. Parameters, dynamic assignments and {@code ispresent} can make several bodies of one type
 * name: each is a type of its own. Properties that no accessor shows do not tell types apart.
 */
public final class BlockTypes {

    /** The properties that emitted code or its comments show. */
    private static final Set<String> SHOWN = Set.of("name", "desc", "regwidth", "accesswidth", "alias", "sw", "hw", "onread", "onwrite",
            "rclr", "rset", "woclr", "woset", "singlepulse", "reset", "resetsignal", "encode", "mementries", "memwidth");

    private final Map<Body, BodyType> byBody = new LinkedHashMap<>();
    private final Map<Shared, BodyType> known = new HashMap<>();
    private final Map<String, BodyType> roots = new LinkedHashMap<>();

    /** What makes two blocks of one type; {@code contents} has registers, reduced to what is shown, and {@link Inner}s. */
    private record Body(Class<?> kind, String typeName, boolean bigEndian, Properties properties, List<Object> contents) {}

    /** A block in a body. */
    private record Inner(Object placement, BodyType type) {}

    /** Blocks that share their contents, node by node, which elaboration lets equal instances do. */
    private record Shared(String typeName, boolean bigEndian, Properties properties, List<Identity> contents) {}

    private record Identity(Node node) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Identity(Node that) && that == node;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(node);
        }
    }

    /** The types of {@code maps}. */
    public BlockTypes(List<AddressMap> maps) {
        maps.forEach(map -> roots.put(map.name(), typeOf(map, false)));
    }

    /** The type of {@code root}, one of the maps. */
    public BodyType root(AddressMap root) {
        return Objects.requireNonNull(roots.get(root.name()));
    }

    /** Whether one of the maps is of this type. */
    public boolean isRoot(BodyType type) {
        return roots.containsValue(type);
    }

    /** All types; those of the blocks in a block come before the block's. */
    public List<BodyType> all() {
        return List.copyOf(byBody.values());
    }

    /** All enumerations that encode a field, in the order of their first use. */
    public List<EnumType> enums() {
        Set<EnumType> enums = new LinkedHashSet<>();
        for (BodyType type : byBody.values()) {
            for (Register register : type.registers()) {
                for (Field field : register.fields()) {
                    EnumType encode = field.encode();
                    if (encode != null) {
                        enums.add(encode);
                    }
                }
            }
        }
        return List.copyOf(enums);
    }

    private BodyType typeOf(Block block, boolean aroundIsBigEndian) {
        boolean bigEndian = isBigEndian(block, aroundIsBigEndian);
        Shared shared = new Shared(block.typeName(), bigEndian, block.properties(), block.children().stream().map(Identity::new).toList());
        BodyType type = known.get(shared);
        if (type == null) {
            type = build(block, bigEndian);
            known.put(shared, type);
        }
        return type;
    }

    private static boolean isBigEndian(Block block, boolean around) {
        return block.properties().is("bigendian") || around && !block.properties().is("littleendian");
    }

    private BodyType build(Block block, boolean bigEndian) {
        List<Object> contents = new ArrayList<>();
        List<BodyType.Member> members = new ArrayList<>();
        for (Node child : block.children()) {
            if (child instanceof Block inner) {
                BodyType type = typeOf(inner, bigEndian);
                members.add(new BodyType.Member(inner, type));
                contents.add(new Inner(inner.placement(), type));
            } else if (child instanceof Register register) {
                contents.add(shown(register));
            }
        }
        Body body = new Body(block.getClass(), block.typeName(), bigEndian, shown(block.properties()), contents);
        return byBody.computeIfAbsent(body, fresh -> new BodyType(block, bigEndian, members));
    }

    private static Register shown(Register register) {
        List<Field> fields = register.fields().stream().map(field -> new Field(field.name(), field.typeName(), field.low(), field.width(),
                field.msb0(), shown(field.properties()), null)).toList();
        return new Register(register.placement(), shown(register.properties()), fields, List.of());
    }

    private static Properties shown(Properties properties) {
        if (SHOWN.containsAll(properties.values().keySet())) {
            return properties;
        }
        Map<String, Value> kept = new LinkedHashMap<>(properties.values());
        kept.keySet().retainAll(SHOWN);
        return new Properties(kept);
    }
}
