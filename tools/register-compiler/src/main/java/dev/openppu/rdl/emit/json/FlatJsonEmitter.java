package dev.openppu.rdl.emit.json;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Expansion;
import dev.openppu.rdl.model.RegisterInstance;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Emits one JSON object a line for every register instance: arrays expanded, virtual registers of memories included, addresses
 * absolute, values effective (what the standard says where the source says nothing). The keys are always all there; what a
 * register or field has not is null. {@link #schema()} describes a line.
 *
 * <p>A map of any size is written in constant memory.
 */
public final class FlatJsonEmitter {

    /** Writes {@code map}, every line with its line break; leaves {@code out} open. */
    public void emit(AddressMap map, Writer out) throws IOException {
        JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).rootValueSeparator("\n").build();
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out);
                Stream<RegisterInstance> registers = Expansion.registers(map)) {
            RegisterLine line = new RegisterLine(json);
            registers.forEachOrdered(line::write);
        }
        out.write('\n');
        out.flush();
    }

    /** The JSON Schema (2020-12) of one line, to be closed by the caller. */
    public static InputStream schema() {
        return Objects.requireNonNull(FlatJsonEmitter.class.getResourceAsStream("flat-register.schema.json"));
    }
}
