package dev.openppu.abi.reg;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Signal;
import dev.openppu.rdl.model.Value;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A map as text: a line for every block, register and field, with everything that a driver or the hardware depends on, and nothing
 * that only people read. Two maps that behave differently have different texts.
 */
final class RegisterSnapshot {

    private final StringBuilder out = new StringBuilder();

    private RegisterSnapshot() {}

    static String of(Iterable<AddressMap> maps) {
        RegisterSnapshot snapshot = new RegisterSnapshot();
        maps.forEach(map -> snapshot.block(map, ""));
        return snapshot.out.toString();
    }

    private void block(Block block, String indent) {
        out.append(indent).append(place(block)).append(" size=").append(hex(block.elementSize())).append(properties(block.properties()
                .values())).append('\n');
        block.children().forEach(child -> {
            switch (child) {
                case Block inner -> block(inner, indent + "  ");
                case Register register -> register(register, indent + "  ");
                case Signal signal -> out.append(indent).append("  signal ").append(signal.name()).append('[').append(signal.width())
                        .append(']').append(properties(signal.properties().values())).append('\n');
                case Field field -> throw new IllegalStateException("a field outside of a register: " + field);
            }
        });
    }

    private void register(Register register, String indent) {
        out.append(indent).append(place(register)).append(" width=").append(register.width()).append(properties(register.properties()
                .values())).append('\n');
        register.fields().forEach(field -> out.append(indent).append("  ").append(field.name()).append('[').append(field.high()).append(':')
                .append(field.low()).append("] sw=").append(field.sw()).append(" hw=").append(field.hw()).append(" onread=")
                .append(field.onRead()).append(" onwrite=").append(field.onWrite()).append(properties(field.properties().values()))
                .append('\n'));
    }

    private static String place(Addressable node) {
        String array = node.array().isArray() ? node.array().dimensions() + " +=" + hex(node.array().stride()) : "";
        return node.typeName() + " " + node.name() + array + " @" + hex(node.offset());
    }

    private static String properties(Map<String, Value> values) {
        Map<String, Value> rest = new TreeMap<>(values);
        rest.keySet().removeAll(Set.of("name", "desc", "sw", "hw", "onread", "onwrite", "regwidth"));
        return rest.entrySet().stream().map(entry -> " " + entry.getKey() + "=" + text(entry.getValue())).collect(Collectors.joining());
    }

    private static String text(Value value) {
        return switch (value) {
            case Value.Flag flag -> String.valueOf(flag.value());
            case Value.Num number -> "0x" + number.value().toString(16);
            case Value.Keyword keyword -> keyword.word();
            case Value.EnumRef(EnumType type) -> type.name() + type.entries().stream()
                    .map(entry -> entry.name() + "=" + entry.value()).collect(Collectors.joining(",", "(", ")"));
            default -> value.toString();
        };
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
