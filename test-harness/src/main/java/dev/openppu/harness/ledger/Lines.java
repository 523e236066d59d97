package dev.openppu.harness.ledger;

import dev.openppu.harness.input.JsonObject;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/** JSON objects, one a line. */
final class Lines {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Lines() {}

    static String text(Map<String, ?> object) {
        return MAPPER.writeValueAsString(object);
    }

    /** @param where for messages */
    static JsonObject parse(String text, String where) {
        return read(() -> JsonObject.parse(text, where));
    }

    /** What {@code reading} gives; what is wrong with the line becomes a {@link LedgerException}. */
    static <T> T read(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new LedgerException(e.getMessage() + "; this is no line of a campaign's file, or a damaged one", e);
        }
    }
}
