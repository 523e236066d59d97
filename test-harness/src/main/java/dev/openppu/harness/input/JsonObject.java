package dev.openppu.harness.input;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON object of a file that a user names. Every accessor throws {@link IllegalArgumentException} if the member is not there or of another type, with a message of its own that says where and which. Immutable as long as nobody
 * changes {@code node}.
 *
 * @param where file and line, or the member that holds it: what messages begin with
 */
public record JsonObject(JsonNode node, String where) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Pattern HEX = Pattern.compile("([0-9a-fA-F]{2})*");

    /**
     * @param where for messages
     * @throws IllegalArgumentException if this is no JSON, or something else than an object
     */
    public static JsonObject parse(String text, String where) {
        try {
            return of(MAPPER.readTree(text), where);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(where + ": this is no JSON" + place(e.getLocation(), text.lines().count() > 1), e);
        }
    }

    private static JsonObject of(JsonNode node, String where) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(where + ": this is " + kind(node) + ", not an object");
        }
        return new JsonObject(node, where);
    }

    private static String place(TokenStreamLocation at, boolean severalLines) {
        if (at == null || at.getColumnNr() < 1) {
            return "";
        }
        return (severalLines ? ", line " + at.getLineNr() : "") + ", column " + at.getColumnNr();
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            default -> "empty";
        };
    }

    /** A text. */
    public String text(String name) {
        return member(name, "text", JsonNode::isString).asString();
    }

    /** A text, if it is there and not null. */
    public Optional<String> optionalText(String name) {
        return node.hasNonNull(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /** A text in which {@code parser} finds something, or throws an {@link IllegalArgumentException} that says why it does not. */
    public <T> T parsed(String name, Function<String, T> parser) {
        String text = text(name);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: '%s': %s".formatted(where, name, e.getMessage()), e);
        }
    }

    /** Bytes, as hexadecimal digits. */
    public byte[] bytes(String name) {
        String digits = member(name, "hexadecimal digits", found -> found.isString() && HEX.matcher(found.asString()).matches()).asString();
        return HexFormat.of().parseHex(digits);
    }

    private static boolean isWhole(JsonNode found) {
        return found.isIntegralNumber() && found.canConvertToLong();
    }

    /** A whole number. */
    public long number(String name) {
        return member(name, "a whole number", JsonObject::isWhole).asLong();
    }

    /** A whole number of 32 bits. */
    public int integer(String name) {
        return member(name, "a whole number of 32 bits", found -> isWhole(found) && found.canConvertToInt()).asInt();
    }

    /** True or false. */
    public boolean flag(String name) {
        return member(name, "true or false", JsonNode::isBoolean).asBoolean();
    }

    /** A list of texts. */
    public List<String> texts(String name) {
        return member(name, "a list of texts", list -> list.isArray() && list.valueStream().allMatch(JsonNode::isString)).valueStream()
                .map(JsonNode::asString).toList();
    }

    /** A list of objects. */
    public List<JsonObject> objects(String name) {
        List<JsonObject> objects = new ArrayList<>();
        for (JsonNode each : member(name, "a list", JsonNode::isArray)) {
            objects.add(of(each, "%s, %s[%d]".formatted(where, name, objects.size())));
        }
        return objects;
    }

    /** An object of whole numbers, in its order. */
    public Map<String, Long> counts(String name) {
        JsonNode object = member(name, "an object of whole numbers", found -> found.isObject() && found.valueStream()
                .allMatch(JsonObject::isWhole));
        Map<String, Long> counts = new LinkedHashMap<>();
        object.propertyStream().forEach(each -> counts.put(each.getKey(), each.getValue().asLong()));
        return counts;
    }

    private JsonNode member(String name, String wanted, Predicate<JsonNode> fits) {
        JsonNode found = node.get(name);
        if (found == null) {
            throw new IllegalArgumentException("%s: '%s' is missing".formatted(where, name));
        }
        if (!fits.test(found)) {
            throw new IllegalArgumentException("%s: '%s' is %s, not %s".formatted(where, name, found.isContainer() || found.isNull()
                    ? kind(found)
                    : found.toString(), wanted));
        }
        return found;
    }
}
