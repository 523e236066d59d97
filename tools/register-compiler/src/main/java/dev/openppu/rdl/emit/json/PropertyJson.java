package dev.openppu.rdl.emit.json;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/**
 * Writes properties as plain JSON, in the place of one instance: numbers, booleans and strings as such, keywords and enumeration
 * entries by name, structures as objects, references as absolute paths.
 */
final class PropertyJson {

    private final JsonGenerator json;

    PropertyJson(JsonGenerator json) {
        this.json = json;
    }

    /**
     * An object {@code properties} of all that {@code told} does not hold, of the instance at {@code path}. References stand there in
     * any case: no key but this has room for one.
     */
    void writeOthers(Properties properties, Set<String> told, String path) {
        json.writeObjectPropertyStart("properties");
        properties.values().forEach((name, value) -> {
            if (value instanceof Value.Reference || !told.contains(name)) {
                json.writeName(name);
                write(value, path);
            }
        });
        json.writeEndObject();
    }

    private void write(Value value, String path) {
        switch (value) {
            case Value.Flag(boolean flag) -> json.writeBoolean(flag);
            case Value.Num number -> json.writeNumber(number.value());
            case Value.Text(String text) -> json.writeString(text);
            case Value.Keyword(String word) -> json.writeString(word);
            case Value.EnumRef(EnumType type) -> json.writeString(type.name());
            case Value.EnumValue(EnumType type, EnumType.Entry entry) -> json.writeString(entry.name());
            case Value.ListOf(List<Value> elements) -> {
                json.writeStartArray();
                elements.forEach(element -> write(element, path));
                json.writeEndArray();
            }
            case Value.Struct(String type, Map<String, Value> members) -> {
                json.writeStartObject();
                members.forEach((name, member) -> {
                    json.writeName(name);
                    write(member, path);
                });
                json.writeEndObject();
            }
            case Value.Reference reference -> json.writeString(absolute(reference, path));
        }
    }

    private static String absolute(Value.Reference reference, String path) {
        int end = path.length();
        for (int i = 0; i < reference.up() && end > 0; i++) {
            end = path.lastIndexOf('.', end - 1);
        }
        return end <= 0 ? reference.toString() : path.substring(0, end) + "." + reference;
    }
}
