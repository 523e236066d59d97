package dev.openppu.rdl.live;

import dev.openppu.rdl.Compilation;
import dev.openppu.rdl.RdlCompiler;
import dev.openppu.rdl.model.AddressMap;

/** Maps for tests, from text. */
final class Live {

    private Live() {}

    /** The map {@code top} with {@code body} in it. */
    static AddressMap map(String body) {
        Compilation compilation = new RdlCompiler().add("test.rdl", "addrmap top { " + body + " };").compile();
        if (!compilation.succeeded()) {
            throw new AssertionError(compilation.diagnostics().toString());
        }
        return compilation.map("top");
    }

    /** Registers that behave, from {@code body}. */
    static LiveRegisters registers(String body) {
        return new LiveRegisters(map(body));
    }

    /** One external 32-bit register at 0 whose field {@code f} has bits 7 to 0, {@code properties} and reset value {@code reset}. */
    static LiveRegisters field(String properties, int reset) {
        return registers("external reg { field { " + properties + " } f[7:0] = " + reset + "; } reg0 @0;");
    }
}
