package dev.openppu.cli.console;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints results as JSON made of maps, lists, strings, numbers and booleans; UTF-8 whatever the terminal's encoding, as JSON demands. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /** One object on one line. */
    public static void line(PrintStream out, Map<String, ?> object) {
        print(out, MAPPER.writer(), object);
    }

    /** One object as a document for people, too. */
    public static void document(PrintStream out, Map<String, ?> object) {
        print(out, MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT), object);
    }

    private static void print(PrintStream out, ObjectWriter writer, Map<String, ?> object) {
        byte[] text = (writer.writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(text, 0, text.length);
        out.flush();
    }

    /** An object with members in this order; members without a value are left out. */
    public static Map<String, Object> object(@Nullable Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object name = namesAndValues[i];
            Object value = namesAndValues[i + 1];
            if (name != null && value != null) {
                object.put(name.toString(), value);
            }
        }
        return object;
    }

    /** A 64-bit word, which JSON's readers would round as a number. */
    public static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
