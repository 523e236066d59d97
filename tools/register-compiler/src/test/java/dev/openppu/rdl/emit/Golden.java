package dev.openppu.rdl.emit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Files of the tests, and what emitters make of them, compared byte by byte. */
public final class Golden {

    private Golden() {}

    /** An emitter's {@code emit}. */
    public interface Emission {
        /** Emits {@code map}. */
        void emit(AddressMap map, Writer out) throws IOException;
    }

    /** The map of {@code uart.rdl}. */
    public static AddressMap uart() {
        return Rdl.map(read("uart.rdl"));
    }

    /** What {@code emission} writes. */
    public static String text(AddressMap map, Emission emission) {
        StringWriter out = new StringWriter();
        try {
            emission.emit(map, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString();
    }

    /** The resource {@code file} beside this class. */
    public static String read(String file) {
        try (InputStream in = Objects.requireNonNull(Golden.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Holds {@code found} against the resource {@code file}; what was found stays in the build folder, to be looked at and taken over. */
    public static void check(String found, String file) {
        try {
            Path seen = Path.of("target", "golden", file);
            Files.createDirectories(Objects.requireNonNull(seen.getParent()));
            Files.writeString(seen, found);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(found).isEqualTo(read(file));
    }
}
