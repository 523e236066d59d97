package dev.openppu.rdl.svd;

import dev.openppu.rdl.Compilation;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.SourceFile;
import dev.openppu.rdl.source.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads CMSIS-SVD files as silicon vendors publish them to the elaborated model: a device is an address map, its peripherals are
 * address maps, its clusters register files. Names with {@code [%s]} are arrays, other names with {@code %s} instances of their own.
 * Derived elements are completed, defaults inherited. Never throws for what a file contains; messages have file, line and column.
 */
public final class SvdReader {

    /** Reads {@code file}. */
    public Compilation read(Path file) throws IOException {
        return read(file.toString(), Files.readAllBytes(file));
    }

    /** Reads the contents of a file that messages shall call {@code name}. */
    public Compilation read(String name, byte[] contents) {
        SourceFile file = new SourceFile(name, SvdParser.decode(contents));
        Diagnostics diagnostics = new Diagnostics();
        diagnostics.text(new SourceText.Builder().copy(file, 0, file.text().length()).build());
        Map<String, AddressMap> maps = Map.of();
        try {
            SvdElement root = new SvdParser(file.text(), diagnostics).parse();
            if (root != null && !root.tag().equals("device")) {
                diagnostics.error(root.span(), "this is no SVD file: its root is '" + root.tag() + "', not 'device'");
            } else if (root != null) {
                AddressMap map = new SvdBlocks(root, diagnostics).readDevice();
                maps = Map.of(map.name(), map);
            }
        } catch (SvdBlocks.TooMuch | Diagnostics.TooManyErrors e) {
            // It has been reported.
        }
        return new Compilation(diagnostics.hasErrors() ? Map.of() : maps, diagnostics.all());
    }
}
