package dev.openppu.rdl.emit.json;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Node;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.RegisterInstance;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes registers as the objects of {@link FlatJsonEmitter}'s lines. */
final class RegisterLine {

    /** Properties that have keys of their own. */
    private static final Set<String> REGISTER_KEYS = Set.of("name", "desc", "regwidth", "accesswidth");
    private static final Set<String> FIELD_KEYS = Set.of("name", "desc", "reset", "sw", "hw", "onread", "rclr", "rset", "onwrite",
            "woclr", "woset", "encode", "singlepulse", "counter", "intr", "intr type", "fieldwidth");

    private final JsonGenerator json;
    private final PropertyJson properties;

    RegisterLine(JsonGenerator json) {
        this.json = json;
        this.properties = new PropertyJson(json);
    }

    void write(RegisterInstance instance) {
        Register register = instance.register();
        boolean known = register.fields().stream().anyMatch(field -> field.reset() != null);
        json.writeStartObject();
        json.writeStringProperty("path", instance.path());
        json.writeName("address");
        json.writeNumber(new BigInteger(Long.toUnsignedString(instance.address())));
        writeNames(register);
        json.writeNumberProperty("width", register.width());
        json.writeNumberProperty("accesswidth", register.accessWidth());
        writeNumber("reset", known ? register.reset() : null);
        writeNumber("resetmask", known ? resetMask(register) : null);
        json.writeArrayPropertyStart("fields");
        for (Field field : register.fields()) {
            write(field, instance.path());
        }
        json.writeEndArray();
        properties.writeOthers(register.properties(), REGISTER_KEYS, instance.path());
        json.writeEndObject();
    }

    private static BigInteger resetMask(Register register) {
        return register.fields().stream().filter(field -> field.reset() != null).map(Field::mask)
                .reduce(BigInteger.ZERO, BigInteger::or);
    }

    private void write(Field field, String registerPath) {
        json.writeStartObject();
        writeNames(field);
        json.writeNumberProperty("msb", field.high());
        json.writeNumberProperty("lsb", field.low());
        writeNumber("reset", field.reset());
        json.writeStringProperty("sw", word(field.sw()));
        json.writeStringProperty("hw", word(field.hw()));
        writeText("onread", field.onRead() == OnRead.NONE ? null : word(field.onRead()));
        writeText("onwrite", field.onWrite() == OnWrite.NONE ? null : word(field.onWrite()));
        json.writeBooleanProperty("singlepulse", field.isSinglePulse());
        json.writeBooleanProperty("counter", field.isCounter());
        writeText("intr", field.isInterrupt() ? interruptType(field.properties()) : null);
        json.writeName("enum");
        writeEnum(field.encode());
        properties.writeOthers(field.properties(), FIELD_KEYS, registerPath + "." + field.name());
        json.writeEndObject();
    }

    private void writeNames(Node node) {
        json.writeStringProperty("name", node.name());
        writeText("label", node.properties().text("name"));
        writeText("desc", node.description());
    }

    private static String interruptType(Properties of) {
        return of.keyword("intr type", "level");
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private void writeEnum(@Nullable EnumType type) {
        if (type == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringProperty("name", type.name());
        json.writeArrayPropertyStart("entries");
        for (EnumType.Entry entry : type.entries()) {
            json.writeStartObject();
            json.writeStringProperty("name", entry.name());
            writeNumber("value", entry.value());
            writeText("label", entry.label());
            writeText("desc", entry.description());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeText(String key, @Nullable String text) {
        json.writeName(key);
        if (text == null) {
            json.writeNull();
        } else {
            json.writeString(text);
        }
    }

    private void writeNumber(String key, @Nullable BigInteger number) {
        json.writeName(key);
        if (number == null) {
            json.writeNull();
        } else {
            json.writeNumber(number);
        }
    }
}
