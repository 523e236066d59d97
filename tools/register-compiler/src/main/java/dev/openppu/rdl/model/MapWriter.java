package dev.openppu.rdl.model;

import java.io.OutputStream;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Writes an elaborated map as JSON; {@link MapReader} is its mirror image. */
final class MapWriter {

    static final String FORMAT = "openppu-register-map";
    static final int VERSION = 1;

    private final JsonGenerator json;
    private final Map<EnumType, Integer> enums = new LinkedHashMap<>();

    /** Writes to {@code out} without a blank. */
    MapWriter(OutputStream out) {
        json = factory().createGenerator(ObjectWriteContext.empty(), out);
    }

    /** Writes to {@code out}, indented. */
    MapWriter(Writer out) {
        json = factory().createGenerator(new Indented(), out);
    }

    private static JsonFactory factory() {
        return JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    }

    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        }
    }

    void write(AddressMap map) {
        collectEnums(map);
        json.writeStartObject();
        json.writeStringProperty("format", FORMAT);
        json.writeNumberProperty("version", VERSION);
        json.writeArrayPropertyStart("enums");
        enums.keySet().forEach(this::writeEnum);
        json.writeEndArray();
        json.writeName("map");
        writeNode(map);
        json.writeEndObject();
        json.close();
    }

    private void collectEnums(Node node) {
        node.properties().values().values().forEach(this::collectEnums);
        switch (node) {
            case Block block -> block.children().forEach(this::collectEnums);
            case Register register -> register.fields().forEach(this::collectEnums);
            case Field field -> {
            }
            case Signal signal -> {
            }
        }
    }

    private void collectEnums(Value value) {
        switch (value) {
            case Value.EnumRef(EnumType type) -> enums.putIfAbsent(type, enums.size());
            case Value.EnumValue(EnumType type, EnumType.Entry entry) -> enums.putIfAbsent(type, enums.size());
            case Value.ListOf(List<Value> elements) -> elements.forEach(this::collectEnums);
            case Value.Struct(String type, Map<String, Value> members) -> members.values().forEach(this::collectEnums);
            default -> {
            }
        }
    }

    private void writeEnum(EnumType type) {
        json.writeStartObject();
        json.writeStringProperty("name", type.name());
        json.writeArrayPropertyStart("entries");
        for (EnumType.Entry entry : type.entries()) {
            json.writeStartObject();
            json.writeStringProperty("name", entry.name());
            json.writeNumberProperty("value", entry.value());
            if (entry.label() != null) {
                json.writeStringProperty("label", entry.label());
            }
            if (entry.description() != null) {
                json.writeStringProperty("desc", entry.description());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeNode(Node node) {
        json.writeStartObject();
        json.writeStringProperty("kind", kind(node));
        json.writeStringProperty("name", node.name());
        json.writeStringProperty("type", node.typeName());
        switch (node) {
            case Block block -> {
                writePlacement(block);
                json.writeNumberProperty("size", block.elementSize());
                writeProperties(node.properties());
                writeNodes("children", block.children());
            }
            case Register register -> {
                writePlacement(register);
                writeProperties(node.properties());
                writeNodes("fields", register.fields());
                writeNodes("signals", register.signals());
            }
            case Field field -> {
                json.writeNumberProperty("low", field.low());
                json.writeNumberProperty("width", field.width());
                if (field.msb0()) {
                    json.writeBooleanProperty("msb0", true);
                }
                writeProperties(node.properties());
            }
            case Signal signal -> {
                json.writeNumberProperty("width", signal.width());
                writeProperties(node.properties());
            }
        }
        json.writeEndObject();
    }

    private static String kind(Node node) {
        return switch (node) {
            case AddressMap map -> "addrmap";
            case RegisterFile file -> "regfile";
            case Memory memory -> "mem";
            case Register register -> "reg";
            case Field field -> "field";
            case Signal signal -> "signal";
        };
    }

    private void writePlacement(Addressable node) {
        json.writeNumberProperty("offset", node.offset());
        if (node.array().isArray()) {
            json.writeArrayPropertyStart("dims");
            node.array().dimensions().forEach(json::writeNumber);
            json.writeEndArray();
            json.writeNumberProperty("stride", node.array().stride());
        }
        if (node.placement().external()) {
            json.writeBooleanProperty("external", true);
        }
    }

    private void writeNodes(String name, List<? extends Node> nodes) {
        if (!nodes.isEmpty()) {
            json.writeArrayPropertyStart(name);
            nodes.forEach(this::writeNode);
            json.writeEndArray();
        }
    }

    private void writeProperties(Properties properties) {
        if (!properties.values().isEmpty()) {
            json.writeObjectPropertyStart("properties");
            writeMembers(properties.values());
            json.writeEndObject();
        }
    }

    private void writeMembers(Map<String, Value> members) {
        members.forEach((name, value) -> {
            json.writeName(name);
            writeValue(value);
        });
    }

    private void writeValue(Value value) {
        switch (value) {
            case Value.Flag flag -> json.writeBoolean(flag.value());
            case Value.Num number -> json.writeNumber(number.value());
            case Value.Text text -> json.writeString(text.value());
            case Value.ListOf list -> {
                json.writeStartArray();
                list.elements().forEach(this::writeValue);
                json.writeEndArray();
            }
            default -> {
                json.writeStartObject();
                writeTagged(value);
                json.writeEndObject();
            }
        }
    }

    private void writeTagged(Value value) {
        switch (value) {
            case Value.Keyword keyword -> json.writeStringProperty("keyword", keyword.word());
            case Value.EnumRef(EnumType type) -> json.writeNumberProperty("enum", enums.getOrDefault(type, -1));
            case Value.EnumValue(EnumType type, EnumType.Entry entry) -> {
                json.writeNumberProperty("enum", enums.getOrDefault(type, -1));
                json.writeStringProperty("entry", entry.name());
            }
            case Value.Struct(String type, Map<String, Value> members) -> {
                json.writeStringProperty("struct", type);
                json.writeObjectPropertyStart("members");
                writeMembers(members);
                json.writeEndObject();
            }
            case Value.Reference reference -> writeReference(reference);
            default -> throw new IllegalStateException("no form for " + value);
        }
    }

    private void writeReference(Value.Reference reference) {
        json.writeNumberProperty("up", reference.up());
        json.writeArrayPropertyStart("path");
        for (Value.Step step : reference.steps()) {
            json.writeString(step.name());
            step.indices().forEach(json::writeNumber);
        }
        json.writeEndArray();
        if (reference.property() != null) {
            json.writeStringProperty("property", reference.property());
        }
    }
}
