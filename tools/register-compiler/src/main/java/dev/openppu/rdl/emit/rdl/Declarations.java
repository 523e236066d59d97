package dev.openppu.rdl.emit.rdl;

import dev.openppu.rdl.elaborate.StandardProperties;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Value;
import java.io.IOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What stands before a map: its enumerations, structures and user-defined properties, found again from the values in it. */
final class Declarations {

    private static final Set<String> NOT_DECLARED = Set.of("intr type", "nonsticky");

    private final Types types;
    private final Map<String, EnumType> enums = new LinkedHashMap<>();
    private final Map<String, Map<String, ValueType>> structs = new LinkedHashMap<>();
    private final Map<String, ValueType> properties = new LinkedHashMap<>();
    private final Map<String, Set<String>> targets = new HashMap<>();

    Declarations(Part root, Types types) {
        this.types = types;
        collect(root);
    }

    private void collect(Part part) {
        part.properties().forEach((name, value) -> {
            collect(value);
            if (!StandardProperties.names().contains(name) && !NOT_DECLARED.contains(name)) {
                properties.merge(name, ValueType.of(value), ValueType::and);
                targets.computeIfAbsent(name, key -> new TreeSet<>()).add(part.keyword());
            }
        });
        part.children().values().forEach(this::collect);
    }

    private void collect(Value value) {
        switch (value) {
            case Value.EnumRef(EnumType type) -> enums.putIfAbsent(type.name(), type);
            case Value.EnumValue(EnumType type, EnumType.Entry entry) -> enums.putIfAbsent(type.name(), type);
            case Value.ListOf(List<Value> elements) -> elements.forEach(this::collect);
            case Value.Struct(String type, Map<String, Value> members) -> {
                members.values().forEach(this::collect);
                Map<String, ValueType> known = structs.computeIfAbsent(type, name -> new LinkedHashMap<>());
                members.forEach((name, member) -> known.merge(name, ValueType.of(member), ValueType::and));
            }
            default -> {
            }
        }
    }

    /** Whether {@code type} must be defined where it is used, because its name means something else further out. */
    boolean isLocal(EnumType type) {
        return types.has(type.name()) || structs.containsKey(type.name()) || !type.equals(enums.get(type.name()));
    }

    void write(Writer out) throws IOException {
        for (EnumType type : enums.values()) {
            if (!types.has(type.name()) && !structs.containsKey(type.name())) {
                out.write(definition(type) + "\n");
            }
        }
        for (Map.Entry<String, Map<String, ValueType>> struct : structs.entrySet()) {
            out.write("struct " + RdlText.name(struct.getKey()) + " {" + struct.getValue().entrySet().stream()
                    .map(member -> " " + member.getValue().declare(RdlText.name(member.getKey())) + ";").collect(Collectors.joining())
                    + " };\n");
        }
        for (Map.Entry<String, ValueType> property : properties.entrySet()) {
            Set<String> components = targets.getOrDefault(property.getKey(), Set.of());
            out.write("property " + RdlText.name(property.getKey()) + " { type = " + property.getValue().declare("").strip()
                    + "; component = " + String.join(" | ", components) + "; };\n");
        }
    }

    /** The definition of {@code type}. */
    static String definition(EnumType type) {
        return type.entries().stream().map(Declarations::definition)
                .collect(Collectors.joining("", "enum " + RdlText.name(type.name()) + " {\n", "};"));
    }

    private static String definition(EnumType.Entry entry) {
        String properties = property("name", entry.label()) + property("desc", entry.description());
        return "    " + RdlText.name(entry.name()) + " = " + RdlText.number(entry.value())
                + (properties.isEmpty() ? "" : " {" + properties + " }") + ";\n";
    }

    private static String property(String name, @Nullable String text) {
        return text == null ? "" : " " + name + " = " + RdlText.string(text) + ";";
    }
}
