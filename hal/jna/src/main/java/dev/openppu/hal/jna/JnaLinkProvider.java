package dev.openppu.hal.jna;

import dev.openppu.hal.library.LibraryLinkProvider;
import java.nio.file.Path;

/** Opens {@code native+jna:LIBRARY}, called through JNA. */
public final class JnaLinkProvider extends LibraryLinkProvider {
    public JnaLinkProvider() {
        super("native+jna");
    }

    @Override
    protected Loaded load(Path file) {
        return JnaLibrary.load(file)::open;
    }
}
