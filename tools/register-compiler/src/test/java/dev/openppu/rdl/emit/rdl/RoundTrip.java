package dev.openppu.rdl.emit.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Compilation;
import dev.openppu.rdl.RdlCompiler;
import dev.openppu.rdl.emit.Golden;
import dev.openppu.rdl.model.AddressMap;

/** A map's way out to SystemRDL and back. */
public final class RoundTrip {

    private RoundTrip() {}

    /** Emits {@code map}, compiles that, and holds what comes of it against {@code map}. */
    public static void check(AddressMap map) {
        String text = Golden.text(map, new RdlEmitter()::emit);
        Compilation again = new RdlCompiler().add("emitted.rdl", text).compile();
        assertThat(again.succeeded()).describedAs(() -> again.diagnostics() + "\n" + text).isTrue();
        assertThat(again.maps().get(map.name())).describedAs(text).isEqualTo(map);
    }
}
