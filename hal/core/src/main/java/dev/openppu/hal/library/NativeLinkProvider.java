package dev.openppu.hal.library;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.LinkProvider;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.posix.library.ForeignLibrary;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Opens {@code native:LIBRARY}: a device in a library that keeps {@code ppu_device.h}, called through FFM. */
public final class NativeLinkProvider implements LinkProvider {
    private static final String TIMESCALE = "timescale";

    @Override
    public String scheme() {
        return "native";
    }

    @Override
    public String usage() {
        return "native:LIBRARY.so[?timescale=X&options of the library]";
    }

    /** Libraries are not searched for. */
    @Override
    public List<LinkInfo> list() {
        return List.of();
    }

    @Override
    public DeviceLink open(LinkUri uri) {
        ForeignLibrary library = ForeignLibrary.load(file(uri));
        return new LibraryLink(uri.toString(), uri.factor(TIMESCALE), host -> library.open(options(uri), host));
    }

    private static Path file(LinkUri uri) {
        try {
            if (!uri.target().isEmpty()) {
                return Path.of(uri.target());
            }
        } catch (InvalidPathException e) {
            throw new LinkException("link '%s': %s".formatted(uri, e.getMessage()), e);
        }
        throw new LinkException("link '%s' names no library: write native:PATH/TO/LIBRARY.so".formatted(uri));
    }

    /** All but ours. */
    static String options(LinkUri uri) {
        return uri.options().entrySet().stream().filter(option -> !option.getKey().equals(TIMESCALE))
                .map(option -> option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining("&"));
    }
}
