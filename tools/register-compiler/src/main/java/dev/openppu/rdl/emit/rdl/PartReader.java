package dev.openppu.rdl.emit.rdl;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.RegisterFile;
import dev.openppu.rdl.model.Signal;
import dev.openppu.rdl.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a map's nodes as {@link Part}s. */
final class PartReader {

    private final List<Set<String>> namesOnTheWay = new ArrayList<>();

    Part read(Node node) {
        List<Node> inside = inside(node);
        namesOnTheWay.add(inside.stream().map(Node::name).collect(Collectors.toSet()));
        Part part = new Part(keyword(node), node.name(), node.typeName(), layout(node), properties(node));
        inside.forEach(child -> part.children().put(child.name(), read(child)));
        namesOnTheWay.removeLast();
        return part;
    }

    private static List<Node> inside(Node node) {
        return switch (node) {
            case Block block -> block.children();
            case Register register -> Stream.<Node>concat(register.signals().stream(), register.fields().stream()).toList();
            case Field field -> List.of();
            case Signal signal -> List.of();
        };
    }

    private static String keyword(Node node) {
        return switch (node) {
            case AddressMap map -> "addrmap";
            case RegisterFile file -> "regfile";
            case Memory memory -> "mem";
            case Register register -> "reg";
            case Field field -> "field";
            case Signal signal -> "signal";
        };
    }

    private static Part.Layout layout(Node node) {
        return switch (node) {
            case Addressable addressable -> new Part.Layout(addressable.placement().external(), alias(node), place(addressable));
            case Field field -> {
                int left = field.msb0() ? field.low() : field.high();
                int right = field.msb0() ? field.high() : field.low();
                yield new Part.Layout(false, null, "[" + left + ":" + right + "]");
            }
            case Signal signal -> {
                long natural = signal.properties().number("signalwidth", 1);
                yield new Part.Layout(false, null, signal.width() == natural ? "" : "[" + signal.width() + "]");
            }
        };
    }

    private static @Nullable String alias(Node node) {
        Value.Reference alias = node.properties().reference("alias");
        return alias == null ? null : alias.steps().getFirst().name();
    }

    private static String place(Addressable node) {
        String dimensions = node.array().dimensions().stream().map(size -> "[" + size + "]").collect(Collectors.joining());
        String stride = node.array().isArray() ? " += " + RdlText.address(node.array().stride()) : "";
        return dimensions + " @" + RdlText.address(node.offset()) + stride;
    }

    private Map<String, Value> properties(Node node) {
        Map<String, Value> properties = new LinkedHashMap<>();
        node.properties().values().forEach((name, value) -> properties.put(name, withLevels(value)));
        properties.remove("alias");
        return properties;
    }

    private Value withLevels(Value value) {
        return switch (value) {
            case Value.Reference reference when startsAtTheTop(reference) ->
                new Value.Reference(Part.ANYWHERE, reference.steps(), reference.property());
            case Value.ListOf(List<Value> elements) -> new Value.ListOf(elements.stream().map(this::withLevels).toList());
            case Value.Struct(String type, Map<String, Value> members) -> {
                Map<String, Value> read = new LinkedHashMap<>();
                members.forEach((name, member) -> read.put(name, withLevels(member)));
                yield new Value.Struct(type, read);
            }
            default -> value;
        };
    }

    private boolean startsAtTheTop(Value.Reference reference) {
        String first = reference.steps().getFirst().name();
        return reference.up() == namesOnTheWay.size() - 1
                && namesOnTheWay.stream().skip(1).noneMatch(names -> names.contains(first));
    }
}
