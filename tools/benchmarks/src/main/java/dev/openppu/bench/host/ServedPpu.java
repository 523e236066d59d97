package dev.openppu.bench.host;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.vfiouser.VfioUserLinkProvider;
import dev.openppu.hal.vfiouser.server.VfioUserServer;
import dev.openppu.model.serve.ServedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model of a PPU that this process serves by vfio-user, and drives through the socket: what a link to another process costs, without another process's start. */
public final class ServedPpu implements AutoCloseable {
    private final Path folder;
    private final ServedModel model;
    private final VfioUserServer server;

    public ServedPpu() {
        try {
            folder = Files.createTempDirectory("ppu-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        model = ServedModel.open(LinkUri.parse(OpenPpu.FREE_RUNNING));
        server = VfioUserServer.open(socket(), model, event -> {});
    }

    private Path socket() {
        return folder.resolve("ppu.sock");
    }

    /** @param options of the link, with their question mark; empty for none */
    public DeviceLink open(String options) {
        return new VfioUserLinkProvider().open(LinkUri.parse("vfio-user:" + socket() + options));
    }

    @Override
    public void close() {
        server.close();
        model.close();
        try {
            Files.deleteIfExists(socket());
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
