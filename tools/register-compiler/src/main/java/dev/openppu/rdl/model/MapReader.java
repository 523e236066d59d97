package dev.openppu.rdl.model;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Reads what {@link MapWriter} wrote, in one pass over the stream: this is on the way to a device's first register access. */
final class MapReader implements Closeable {

    /** A register may have 2^16 bits, and so may its reset value. */
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder().maxNumberLength(20_000).build();

    private final JsonParser json;
    private final List<EnumType> enums = new ArrayList<>();

    MapReader(InputStream in) throws IOException {
        try {
            json = JsonFactory.builder().streamReadConstraints(LIMITS).build().createParser(ObjectReadContext.empty(), in);
        } catch (JacksonException e) {
            throw new IOException("a register map's JSON is damaged where it begins", e);
        }
    }

    /** The parser's words, and those of the classes that it feeds, are not for users. */
    private IOException damaged(RuntimeException e) {
        TokenStreamLocation at = json.currentLocation();
        return new IOException("a register map's JSON is damaged at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()), e);
    }

    @Override
    public void close() {
        json.close();
    }

    AddressMap read() throws IOException {
        try {
            AddressMap map = null;
            expect(JsonToken.START_OBJECT, json.nextToken());
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                json.nextToken();
                switch (name) {
                    case "format" -> require(MapWriter.FORMAT.equals(json.getString()), "is no register map");
                    case "version" ->
                        require(json.getIntValue() == MapWriter.VERSION, "has version " + json.getIntValue());
                    case "enums" -> readArray(() -> enums.add(readEnum()));
                    case "map" -> map = readNode() instanceof AddressMap read ? read : null;
                    default -> json.skipChildren();
                }
            }
            require(map != null, "holds no address map");
            return Objects.requireNonNull(map);
        } catch (JacksonException | ClassCastException | IllegalArgumentException | NullPointerException
                | IndexOutOfBoundsException | NoSuchElementException e) {
            throw damaged(e);
        }
    }

    private static void require(boolean condition, String what) throws IOException {
        if (!condition) {
            throw new IOException("the JSON " + what + "; " + MapWriter.FORMAT + " version " + MapWriter.VERSION + " is needed");
        }
    }

    private static void expect(JsonToken wanted, @Nullable JsonToken found) throws IOException {
        if (wanted != found) {
            throw new IOException("a register map's JSON is damaged: " + found + " where " + wanted + " was expected");
        }
    }

    private interface Item {
        void read() throws IOException;
    }

    private void readArray(Item item) throws IOException {
        expect(JsonToken.START_ARRAY, json.currentToken());
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == null) {
                throw new IOException("a register map's JSON ends too early");
            }
            item.read();
        }
    }

    private EnumType readEnum() throws IOException {
        String typeName = "";
        List<EnumType.Entry> entries = new ArrayList<>();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            switch (name) {
                case "name" -> typeName = json.getString();
                case "entries" -> readArray(() -> entries.add(readEntry()));
                default -> json.skipChildren();
            }
        }
        return new EnumType(typeName, entries);
    }

    private EnumType.Entry readEntry() {
        String entry = "";
        BigInteger value = BigInteger.ZERO;
        String label = null;
        String description = null;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            switch (name) {
                case "name" -> entry = json.getString();
                case "value" -> value = json.getBigIntegerValue();
                case "label" -> label = json.getString();
                case "desc" -> description = json.getString();
                default -> json.skipChildren();
            }
        }
        return new EnumType.Entry(entry, value, label, description);
    }

    /** What the members of a node's object come to, whatever its kind. */
    private static final class Parts {
        String kind = "";
        String name = "";
        String type = "";
        long offset;
        long size;
        long stride;
        int low;
        int width;
        boolean msb0;
        boolean external;
        Properties properties = Properties.NONE;
        final List<Long> dims = new ArrayList<>();
        final List<Node> children = new ArrayList<>();
        final List<Field> fields = new ArrayList<>();
        final List<Signal> signals = new ArrayList<>();

        Node build() {
            return switch (kind) {
                case "addrmap" -> new AddressMap(placement(), properties, children, size);
                case "regfile" -> new RegisterFile(placement(), properties, children, size);
                case "mem" -> new Memory(placement(), properties, children, size);
                case "reg" -> new Register(placement(), properties, fields, signals);
                case "field" -> new Field(name, type, low, width, msb0, properties, null);
                case "signal" -> new Signal(name, type, width, properties, null);
                default -> throw new IllegalArgumentException("unknown kind of node: '" + kind + "'");
            };
        }

        private Placement placement() {
            ArrayShape shape = dims.isEmpty() ? ArrayShape.SINGLE : new ArrayShape(dims, stride);
            return new Placement(name, type, offset, shape, external, null);
        }
    }

    private Node readNode() throws IOException {
        Parts parts = new Parts();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            switch (name) {
                case "kind" -> parts.kind = json.getString();
                case "name" -> parts.name = json.getString();
                case "type" -> parts.type = json.getString();
                case "offset" -> parts.offset = json.getLongValue();
                case "size" -> parts.size = json.getLongValue();
                case "stride" -> parts.stride = json.getLongValue();
                case "low" -> parts.low = json.getIntValue();
                case "width" -> parts.width = json.getIntValue();
                case "msb0" -> parts.msb0 = json.getBooleanValue();
                case "external" -> parts.external = json.getBooleanValue();
                case "dims" -> readArray(() -> parts.dims.add(json.getLongValue()));
                case "properties" -> parts.properties = new Properties(readMembers());
                case "children" -> readArray(() -> parts.children.add(readNode()));
                case "fields" -> readArray(() -> parts.fields.add((Field) readNode()));
                case "signals" -> readArray(() -> parts.signals.add((Signal) readNode()));
                default -> json.skipChildren();
            }
        }
        return parts.build();
    }

    private Map<String, Value> readMembers() throws IOException {
        Map<String, Value> members = new LinkedHashMap<>();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            members.put(name, readValue());
        }
        return members;
    }

    private Value readValue() throws IOException {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> Value.Flag.TRUE;
            case VALUE_FALSE -> Value.Flag.FALSE;
            case VALUE_NUMBER_INT -> new Value.Num(json.getBigIntegerValue());
            case VALUE_STRING -> new Value.Text(json.getString());
            case START_ARRAY -> {
                List<Value> elements = new ArrayList<>();
                readArray(() -> elements.add(readValue()));
                yield new Value.ListOf(elements);
            }
            case START_OBJECT -> readTagged();
            default -> throw new IOException("a register map's JSON is damaged: unexpected " + json.currentToken());
        };
    }

    private Value readTagged() throws IOException {
        EnumType type = null;
        EnumType.Entry entry = null;
        String struct = null;
        String keyword = null;
        String property = null;
        Map<String, Value> members = Map.of();
        List<Value.Step> steps = List.of();
        int up = 0;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            switch (name) {
                case "keyword" -> keyword = json.getString();
                case "enum" -> type = enums.get(Objects.checkIndex(json.getIntValue(), enums.size()));
                case "entry" -> entry = Objects.requireNonNull(type).find(json.getString()).orElseThrow();
                case "struct" -> struct = json.getString();
                case "members" -> members = readMembers();
                case "up" -> up = json.getIntValue();
                case "path" -> steps = readPath();
                case "property" -> property = json.getString();
                default -> json.skipChildren();
            }
        }
        if (keyword != null) {
            return new Value.Keyword(keyword);
        }
        if (type != null) {
            return entry == null ? new Value.EnumRef(type) : new Value.EnumValue(type, entry);
        }
        return struct != null ? new Value.Struct(struct, members) : new Value.Reference(up, steps, property);
    }

    private List<Value.Step> readPath() throws IOException {
        List<Value.Step> steps = new ArrayList<>();
        readArray(() -> {
            if (json.currentToken() == JsonToken.VALUE_STRING) {
                steps.add(new Value.Step(json.getString(), List.of()));
            } else {
                Value.Step last = steps.removeLast();
                List<Long> indices = new ArrayList<>(last.indices());
                indices.add(json.getLongValue());
                steps.add(new Value.Step(last.name(), indices));
            }
        });
        return steps;
    }
}
