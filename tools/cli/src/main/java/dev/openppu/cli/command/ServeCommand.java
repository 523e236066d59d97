package dev.openppu.cli.command;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.vfiouser.server.ServerEvent;
import dev.openppu.hal.vfiouser.server.VfioUserServer;
import dev.openppu.model.serve.ServedModel;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ppu serve}: a device for other processes. */
@Command(name = "serve", sortOptions = false, description = "Serves a device by vfio-user at a Unix-domain socket until Ctrl-C, to one client after another: QEMU, or 'ppu --device vfio-user:PATH'. Each client finds the device as after power-on.", footerHeading = "%nExamples:%n", footer = {
    "  ppu serve --socket /tmp/ppu.sock", "  ppu serve --socket /tmp/ppu.sock --device 'model:zw810e?serial=7' --json",
    "%nExit status: 130 ended by Ctrl-C, 143 by SIGTERM, 1 the device has failed, 2 bad usage or input, or no socket can be made there."})
final class ServeCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(names = "--socket", paramLabel = "PATH", required = true, description = "Where to listen. A socket that nobody listens at any more is replaced.")
    private Path socket = Path.of("");

    ServeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws InterruptedException {
        LinkUri uri = LinkUri.parse(invocation.options().deviceUri());
        if (!invocation.options().ofModel()) {
            throw new BadInputException("'%s' cannot be served: only model:… can".formatted(uri));
        }
        try (ServedModel device = open(uri); VfioUserServer server = listen(device)) {
            // Ctrl-C ends the process without coming back here: the socket must go all the same
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
            ready(device);
            server.await();
        }
        return ExitStatus.OK;
    }

    private static ServedModel open(LinkUri uri) {
        try {
            return ServedModel.open(uri);
        } catch (LinkException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
    }

    private VfioUserServer listen(ServedModel device) {
        try {
            return VfioUserServer.open(socket, device, this::tell);
        } catch (PosixException | UncheckedIOException e) {
            throw new BadInputException("cannot listen at %s: %s".formatted(socket, e.getMessage()), e);
        }
    }

    private void ready(ServedModel device) {
        if (invocation.json()) {
            line("event", "ready", "device", device.description(), "socket", socket.toString());
        } else {
            invocation.out().println("ready: %s at %s; Ctrl-C ends it".formatted(device.description(), socket));
            invocation.out().flush();
        }
    }

    private void tell(ServerEvent event) {
        String what = switch (event) {
            case ServerEvent.Connected _ -> "connected";
            case ServerEvent.Refused _ -> "refused";
            case ServerEvent.Left left -> left.violation() ? "disconnected" : "left";
            case ServerEvent.Trouble _ -> "trouble";
        };
        String reason = switch (event) {
            case ServerEvent.Connected _ -> "";
            case ServerEvent.Refused refused -> refused.reason();
            case ServerEvent.Left left -> left.reason();
            case ServerEvent.Trouble trouble -> trouble.reason();
        };
        if (invocation.json()) {
            line("event", what, "client", event.client(), "reason", reason.isEmpty() ? null : reason);
        } else {
            invocation.terminal().err().println("client %d %s%s".formatted(event.client(), what, reason.isEmpty() ? "" : ": " + reason));
        }
    }

    /** One JSON document a line, as things happen. */
    private synchronized void line(@Nullable Object... namesAndValues) {
        Json.line(invocation.out(), Json.object(namesAndValues));
    }
}
