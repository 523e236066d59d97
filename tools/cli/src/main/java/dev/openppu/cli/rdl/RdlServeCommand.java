package dev.openppu.cli.rdl;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.file.InputFile;
import dev.openppu.cli.serve.RegisterServer;
import dev.openppu.cli.serve.RegisterServer.OnError;
import dev.openppu.cli.serve.SocketServer;
import dev.openppu.model.rdl.RdlDevice;
import dev.openppu.rdl.model.AddressMap;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ppu rdl serve}: a description as a device that behaves. */
@Command(name = "serve", sortOptions = false, description = "Makes the described registers a device, in a BAR of a PCIe function, and carries out a line a command: from standard input, a script, or clients of a socket.", footerHeading = "%nExamples:%n", footer = {
    "  echo 'read chip.status' | ppu rdl serve chip.rdl", "  ppu rdl serve --script known-answers.txt chip.rdl",
    "  ppu rdl serve --socket /tmp/chip.sock chip.rdl",
    "%nCommands (docs/registers.md has them all): read PATH|ADDRESS [=> VALUE], write PATH|ADDRESS VALUE, drive, pulse, reset, watch, quit",
    "%nExit status: 0 every line went well, 1 one did not, 2 bad usage or input."})
final class RdlServeCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final SourceOptions options = new SourceOptions();

    @Option(names = "--socket", paramLabel = "PATH", description = "Listen at this Unix-domain socket until Ctrl-C, for any number of clients.")
    private @Nullable Path socket;

    @Option(names = "--script", paramLabel = "FILE", description = "Take the lines of this file; with --socket, before clients are let in.")
    private @Nullable Path script;

    @Option(names = "--stop", description = "Stop at the first line that goes wrong.")
    private boolean stop;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "SystemRDL, CMSIS-SVD (.svd), or a compiled map (.json).")
    private final List<Path> files = new ArrayList<>();

    RdlServeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        AddressMap map = new MapSource(options, invocation.terminal().err()).map(files);
        int wrong = 0;
        try (RegisterServer server = new RegisterServer(RdlDevice.of(map))) {
            if (script != null) {
                wrong += run(server, script.toString(), Files.newInputStream(InputFile.require(script)));
            }
            if (socket != null && (wrong == 0 || !stop)) {
                listen(server, map, socket);
            } else if (socket == null && script == null) {
                wrong += run(server, "<stdin>", System.in);
            }
        }
        return wrong == 0 ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private int run(RegisterServer server, String name, InputStream lines) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8))) {
            return server.serve(name, reader, invocation.out()::println, invocation.terminal().err()::println,
                    stop ? OnError.STOP : OnError.GO_ON);
        }
    }

    private void listen(RegisterServer server, AddressMap map, Path path) throws InterruptedException {
        try (SocketServer listening = server.listen(path)) {
            // Ctrl-C ends the process without coming back here: the socket must go all the same.
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(listening::close));
            invocation.terminal().err().println(map.name() + " is served at " + path + "; Ctrl-C ends it");
            listening.await();
        } catch (IOException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
    }
}
