package dev.openppu.rdl.emit.rdl;

import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.Writer;

/**
 * Emits an elaborated map as SystemRDL 2.0: parameters, expressions, macros and defaults are gone, every address, stride and bit
 * is written out. Compiling the text gives the same map again. Types that several instances have are written once; what single
 * instances were given beyond their type, and references that lead out of it, are assigned through the hierarchy, at the level
 * where they begin.
 */
public final class RdlEmitter {

    /** Writes {@code map}; leaves {@code out} open. */
    public void emit(AddressMap map, Writer out) throws IOException {
        Part root = new PartReader().read(map);
        Types types = new Types(root);
        Declarations declarations = new Declarations(root, types);
        declarations.write(out);
        new BodyWriter(out, types, declarations).writeRoot(root);
        out.flush();
    }
}
