package dev.openppu.guest;

import dev.openppu.hal.LinkUri;
import dev.openppu.hal.vfiouser.server.ServerEvent;
import dev.openppu.hal.vfiouser.server.VfioUserServer;
import dev.openppu.model.serve.ServedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A PPU's model, served for a guest. */
final class ServedDevice implements AutoCloseable {
    private final Path folder;
    private final ServedModel model;
    private final VfioUserServer server;
    private final Queue<ServerEvent> events = new ConcurrentLinkedQueue<>();

    ServedDevice() throws Exception {
        this.folder = Files.createTempDirectory("ppu"); // a socket's name is short
        this.model = ServedModel.open(LinkUri.parse("model:zw810e?serial=7"));
        this.server = VfioUserServer.open(folder.resolve("socket"), model, events::add);
    }

    GuestDevice device() {
        return GuestDevice.vfioUser(socket());
    }

    Path socket() {
        return folder.resolve("socket");
    }

    /** What the server had to say so far. */
    Queue<ServerEvent> events() {
        return events;
    }

    @Override
    public void close() throws Exception {
        server.close();
        model.close();
        Files.deleteIfExists(folder.resolve("socket"));
        Files.delete(folder);
    }
}
