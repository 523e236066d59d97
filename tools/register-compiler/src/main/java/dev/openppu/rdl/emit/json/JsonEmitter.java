package dev.openppu.rdl.emit.json;

import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.util.Objects;

/**
 * Emits a map as a JSON tree: the form that {@link AddressMap#load} reads and {@link AddressMap#save} writes, indented. Arrays
 * stay arrays, offsets are relative to the parent, a property that the source does not give is absent. For absolute addresses and
 * effective values, register by register, there is {@link FlatJsonEmitter}.
 */
public final class JsonEmitter {

    /** Writes {@code map}, ending with a line break; leaves {@code out} open. */
    public void emit(AddressMap map, Writer out) throws IOException {
        map.saveIndented(out);
        out.write('\n');
        out.flush();
    }

    /** The JSON Schema (2020-12) of what {@link #emit} writes, to be closed by the caller. */
    public static InputStream schema() {
        return Objects.requireNonNull(JsonEmitter.class.getResourceAsStream("register-map.schema.json"));
    }
}
