package dev.openppu.hal;

import dev.openppu.hal.record.RecordingLink;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Finds links by URI, through the {@link LinkProvider}s on the module path. */
public final class Links {
    private Links() {}

    /**
     * Opens the link that {@code uri} names.
     *
     * @param uri {@code scheme:target?option=value&…}; with {@code record=FILE} among the options what happens on the link is recorded
     * @throws LinkException if the URI is malformed, its scheme unknown (the message lists those there are), or the link cannot be opened
     */
    public static DeviceLink open(String uri) {
        LinkUri parsed = LinkUri.parse(uri);
        LinkProvider provider = provider(parsed);
        return RecordingLink.wanted(parsed) ? RecordingLink.open(parsed, provider::open) : provider.open(parsed);
    }

    private static LinkProvider provider(LinkUri uri) {
        List<LinkProvider> providers = providers();
        return providers.stream().filter(p -> p.scheme().equals(uri.scheme())).findFirst().orElseThrow(() -> new LinkException(
                "no link has the scheme '%s'; there are: %s".formatted(uri.scheme(), providers.isEmpty()
                        ? "none on the module path"
                        : providers.stream().map(LinkProvider::usage).collect(Collectors.joining(", ")))));
    }

    /** All providers, by scheme. */
    public static List<LinkProvider> providers() {
        return ServiceLoader.load(LinkProvider.class).stream().map(ServiceLoader.Provider::get)
                .sorted((a, b) -> a.scheme().compareTo(b.scheme())).toList();
    }

    /** What could be opened, by scheme. */
    public static List<LinkInfo> list() {
        return providers().stream().flatMap(p -> p.list().stream()).toList();
    }
}
