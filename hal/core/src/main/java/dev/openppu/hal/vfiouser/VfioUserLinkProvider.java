package dev.openppu.hal.vfiouser;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.LinkProvider;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.RemoteDmaSpace.ByMessages;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Opens {@code vfio-user:SOCKET}: a device that another process serves. */
public final class VfioUserLinkProvider implements LinkProvider {
    private static final String TIMESCALE = "timescale";
    private static final String TIMEOUT = "timeout";
    private static final String DMA = "dma";
    private static final String BARS = "bars";
    private static final long DEFAULT_TIMEOUT_MILLIS = 10_000;

    @Override
    public String scheme() {
        return "vfio-user";
    }

    @Override
    public String usage() {
        return "vfio-user:SOCKET[?timeout=MILLISECONDS&dma=descriptors|messages&bars=descriptors|messages&timescale=X]";
    }

    /** Sockets are not searched for. */
    @Override
    public List<LinkInfo> list() {
        return List.of();
    }

    @Override
    public DeviceLink open(LinkUri uri) {
        uri.demandOptions(List.of(TIMESCALE, TIMEOUT, DMA, BARS));
        VfioUserLink.Settings settings = new VfioUserLink.Settings(uri.toString(), uri.factor(TIMESCALE), patience(uri),
                dma(uri), byMessages(uri, BARS));
        try {
            return new VfioUserLink(settings, UnixSocket.connect(socket(uri)));
        } catch (PosixException e) {
            throw new LinkException("link '%s': %s; start a server there first: ppu serve --socket %s".formatted(uri, e.getMessage(),
                    uri.target()), e);
        }
    }

    /** @throws LinkException if something else is there: no server could be started at that place */
    private static Path socket(LinkUri uri) {
        Path path = path(uri);
        if (Files.isDirectory(path) || Files.isRegularFile(path)) {
            throw new LinkException("link '%s': %s is a %s, and no socket: name the socket at which a server listens"
                    .formatted(uri, path, Files.isDirectory(path) ? "folder" : "file"));
        }
        return path;
    }

    private static Path path(LinkUri uri) {
        try {
            if (!uri.target().isEmpty()) {
                return Path.of(uri.target());
            }
        } catch (InvalidPathException e) {
            throw new LinkException("link '%s': %s".formatted(uri, e.getMessage()), e);
        }
        throw new LinkException("link '%s' names no socket: write vfio-user:PATH/TO/SOCKET".formatted(uri));
    }

    private static long patience(LinkUri uri) {
        long millis = uri.number(TIMEOUT).orElse(DEFAULT_TIMEOUT_MILLIS);
        if (millis < 1 || millis > TimeUnit.DAYS.toMillis(1)) {
            throw new LinkException("link '%s': timeout=%d is not a number of milliseconds from 1 to a day's".formatted(uri, millis));
        }
        return (long) (TimeUnit.MILLISECONDS.toNanos(millis) * uri.factor(TIMESCALE));
    }

    private static ByMessages dma(LinkUri uri) {
        if (uri.option(DMA).isEmpty()) {
            return ByMessages.CALLERS_OR_OBSERVED;
        }
        return byMessages(uri, DMA) ? ByMessages.ALL : ByMessages.CALLERS;
    }

    private static boolean byMessages(LinkUri uri, String option) {
        return switch (uri.option(option).orElse("descriptors")) {
            case "descriptors" -> false;
            case "messages" -> true;
            default -> throw new LinkException("link '%s': %s is descriptors or messages".formatted(uri, option));
        };
    }
}
