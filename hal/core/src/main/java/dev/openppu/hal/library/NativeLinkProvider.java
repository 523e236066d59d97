package dev.openppu.hal.library;

import dev.openppu.hal.posix.library.ForeignLibrary;
import java.nio.file.Path;

/** Opens {@code native:LIBRARY}, called through FFM. */
public final class NativeLinkProvider extends LibraryLinkProvider {
    public NativeLinkProvider() {
        super("native");
    }

    @Override
    protected Loaded load(Path file) {
        return ForeignLibrary.load(file)::open;
    }
}
