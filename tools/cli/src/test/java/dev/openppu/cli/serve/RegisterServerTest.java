package dev.openppu.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.cli.serve.RegisterServer.OnError;
import dev.openppu.hal.LinkUri;
import dev.openppu.model.rdl.RdlDevice;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scripts and clients of a served device. */
@Timeout(60)
class RegisterServerTest {

    @TempDir
    Path folder;
    private RegisterServer server;
    private Path socket;

    @BeforeEach
    void serve() throws IOException {
        Path file = Files.writeString(folder.resolve("chip.rdl"), """
                addrmap chip {
                    signal {} tick;
                    reg { field {} v[31:0] = 5; } x @0;
                    reg { field { hw = w; woclr; intr; } i[0:0] = 0; } raw @4;
                    reg { field { counter; sw = r; } n[31:0] = 0; } count @8;
                    count.n->incr = tick;
                };
                """);
        server = new RegisterServer(RdlDevice.open(LinkUri.parse("rdl:" + file)));
        socket = folder.resolve("s");
    }

    @AfterEach
    void end() {
        server.close();
    }

    // ---- streams

    private int run(String script, OnError onError, List<String> replies, List<String> errors) throws IOException {
        return server.serve("in", new BufferedReader(new StringReader(script)), replies::add, errors::add, onError);
    }

    @Test
    void aStreamIsCarriedOutLineByLine() throws IOException {
        List<String> replies = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        int wrong = run(
                "read 0x0\nwrite chip.x 7\nfrob\nread chip.x => 7\npulse chip.tick\nread chip.count\nread 0x100:4\nquit\nread 0x0\n",
                OnError.GO_ON, replies, errors);
        assertThat(replies).as("what no register takes reads all ones, as behind the link").containsExactly("0x5", "ok", "0x7", "ok", "0x1",
                "0xffffffff");
        assertThat(errors).singleElement().asString().startsWith("in:3: error: there is no command 'frob'");
        assertThat(wrong).isEqualTo(1);
    }

    @Test
    void aStreamStopsAtTheFirstErrorIfItShall() throws IOException {
        List<String> replies = new ArrayList<>();
        assertThat(run("read chip.x => 6\nread chip.x\n", OnError.STOP, replies, new ArrayList<>())).isEqualTo(1);
        assertThat(replies).isEmpty();
    }

    @Test
    void accessesBeyondTheBarAreErrorsNotCrashes() throws IOException {
        List<String> errors = new ArrayList<>();
        assertThat(run("read 0x100000000:4\nread 0x1:4\nwrite 0x100000000:4 1\n", OnError.GO_ON, new ArrayList<>(), errors)).isEqualTo(3);
        assertThat(errors).allMatch(error -> error.startsWith("in:"));
    }

    // ---- sockets

    private static final class Client implements AutoCloseable {
        private final SocketChannel channel;
        private final BufferedReader lines;

        Client(Path socket) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        }

        void send(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        String ask(String command) throws IOException {
            send((command + "\n").getBytes(StandardCharsets.UTF_8));
            return lines.readLine();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void clientsShareTheDevice() throws IOException {
        try (SocketServer listening = server.listen(socket); Client a = new Client(socket); Client b = new Client(socket)) {
            assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(a.ask("write 0x0 0x12")).isEqualTo("ok");
            assertThat(b.ask("read 0x0")).isEqualTo("0x12");
            assertThat(b.ask("read 0x0 => 3")).isEqualTo("error: 0x0 is 0x12, expected 0x3");
            assertThat(b.ask("read \u0000\u00ff")).startsWith("error: ");
            assertThat(b.ask("watch *")).isEqualTo("ok");
            assertThat(a.ask("drive chip.raw 1")).isEqualTo("ok");
            assertThat(b.lines.readLine()).isEqualTo("event chip.raw intr 1");
            assertThat(a.ask("intr chip.raw")).isEqualTo("1");
            a.send("quit\n".getBytes(StandardCharsets.UTF_8));
            assertThat(a.lines.readLine()).isNull();
            assertThat(b.ask("read 0x0")).isEqualTo("0x12");
            assertThat(listening.clients()).isLessThanOrEqualTo(2);
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void clientsThatDieFloodOrSendGarbageDoNoHarm() throws IOException {
        try (SocketServer listening = server.listen(socket); Client good = new Client(socket)) {
            try (Client dying = new Client(socket)) {
                dying.send("read 0x0\nread".getBytes(StandardCharsets.UTF_8));
            }
            byte[] garbage = new byte[10_000];
            new java.util.Random(1).nextBytes(garbage);
            try (Client noisy = new Client(socket)) {
                noisy.send(garbage);
            }
            try (Client endless = new Client(socket)) {
                byte[] line = new byte[1 << 16];
                java.util.Arrays.fill(line, (byte) 'a');
                endless.send(line);
                assertThat(endless.lines.readLine()).contains("at most 65536 bytes");
                assertThat(endless.lines.readLine()).isNull();
            }
            try (Client deaf = new Client(socket)) {
                deaf.ask("watch *");
                for (int i = 0; i < 20_000; i++) {
                    good.ask("drive chip.raw 1");
                    good.ask("write chip.raw 1");
                    if (listening.clients() < 2) {
                        break;
                    }
                }
                assertThat(listening.clients()).as("who lets events lie is disconnected").isLessThan(2);
            }
            assertThat(good.ask("read chip.x")).isEqualTo("0x5");
        }
    }

    @Test
    void countsOfManyClientsAddUp() throws Exception {
        try (SocketServer _ = server.listen(socket)) {
            List<Thread> threads = new ArrayList<>();
            for (int client = 0; client < 8; client++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    try (Client own = new Client(socket)) {
                        for (int i = 0; i < 100; i++) {
                            own.ask("pulse chip.tick");
                        }
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            try (Client last = new Client(socket)) {
                assertThat(last.ask("read chip.count")).isEqualTo("0x320");
            }
        }
    }

    @Test
    void twoServersDoNotShareASocketAndAStaleOneIsReplaced() throws IOException {
        try (SocketServer _ = server.listen(socket)) {
            assertThatThrownBy(() -> server.listen(socket)).isInstanceOf(IOException.class).hasMessageContaining("listens at");
        }
        ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        left.bind(UnixDomainSocketAddress.of(socket));
        left.close();
        assertThat(socket).exists();
        try (SocketServer _ = server.listen(socket); Client client = new Client(socket)) {
            assertThat(client.ask("read 0x0")).isEqualTo("0x5");
        }
        Path file = Files.writeString(folder.resolve("file"), "mine");
        assertThatThrownBy(() -> server.listen(file)).hasMessageContaining("is no socket");
        assertThat(file).hasContent("mine");
        assertThatThrownBy(() -> server.listen(folder.resolve("none").resolve("s"))).isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen");
    }

    @Test
    void closingEndsTheClients() throws Exception {
        SocketServer listening = server.listen(socket);
        try (Client client = new Client(socket)) {
            assertThat(client.ask("read 0x0")).isEqualTo("0x5");
            listening.close();
            listening.close();
            assertThat(client.lines.readLine()).isNull();
            listening.await();
        }
    }
}
