package dev.openppu.hal.library;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.LinkProvider;
import dev.openppu.hal.LinkUri;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Opens {@code SCHEME:LIBRARY}: a device in a library that keeps {@code ppu_device.h}; how it is called is the scheme's. */
public abstract class LibraryLinkProvider implements LinkProvider {
    private static final String TIMESCALE = "timescale";

    private final String scheme;

    protected LibraryLinkProvider(String scheme) {
        this.scheme = scheme;
    }

    /** A library that is one of this interface. */
    @FunctionalInterface
    protected interface Loaded {
        /**
         * Powers a device on.
         *
         * @param options {@code name=value&name=value}, the library's own
         * @throws LibraryException {@link LibraryResult#OPTION} if it does not take one
         */
        LibraryDevice open(String options, LibraryHost host);
    }

    /** @throws LinkException if it cannot be loaded, or is none of this interface */
    protected abstract Loaded load(Path file);

    @Override
    public final String scheme() {
        return scheme;
    }

    @Override
    public final String usage() {
        return scheme + ":LIBRARY.so[?timescale=X&options of the library]";
    }

    /** Libraries are not searched for. */
    @Override
    public final List<LinkInfo> list() {
        return List.of();
    }

    @Override
    public final DeviceLink open(LinkUri uri) {
        Path file = file(uri);
        LibraryFile.require(file);
        Loaded library = load(file);
        return new LibraryLink(uri.toString(), uri.factor(TIMESCALE), host -> library.open(options(uri), host));
    }

    private Path file(LinkUri uri) {
        try {
            if (!uri.target().isEmpty()) {
                return Path.of(uri.target()).toAbsolutePath();
            }
        } catch (InvalidPathException e) {
            throw new LinkException("link '%s': %s".formatted(uri, e.getMessage()), e);
        }
        throw new LinkException("link '%s' names no library: write %s:PATH/TO/LIBRARY.so".formatted(uri, scheme));
    }

    /** All but ours. */
    private static String options(LinkUri uri) {
        return uri.options().entrySet().stream().filter(option -> !option.getKey().equals(TIMESCALE))
                .map(option -> option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining("&"));
    }
}
