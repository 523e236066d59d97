package dev.openppu.harness.ledger;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON objects, one a line. */
final class Lines {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Lines() {}

    static String text(Map<String, ?> object) {
        return MAPPER.writeValueAsString(object);
    }

    /** @param where for messages */
    static JsonNode parse(String text, String where) {
        try {
            JsonNode line = MAPPER.readTree(text);
            if (line.isObject()) {
                return line;
            }
        } catch (JacksonException e) {
            throw new LedgerException(where + ": not a line of a campaign's file: " + e.getOriginalMessage(), e);
        }
        throw new LedgerException(where + ": not a line of a campaign's file");
    }
}
