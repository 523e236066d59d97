package dev.openppu.cli.serve;

import dev.openppu.rdl.live.script.ScriptException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * One client of a socket. It is read a line at a time, and only when it has taken most of its replies; one that sends endless lines,
 * or lets its events lie, is disconnected.
 */
final class SocketClient {

    private static final int LONGEST_LINE = 1 << 16;
    private static final int MOST_UNSENT = 4096;
    private static final String END = "";

    private final SocketChannel channel;
    private final RegisterServer registers;
    private final Consumer<SocketClient> whenGone;
    private final BlockingQueue<String> unsent = new LinkedBlockingQueue<>(MOST_UNSENT);

    SocketClient(SocketChannel channel, RegisterServer registers, Consumer<SocketClient> whenGone) {
        this.channel = channel;
        this.registers = registers;
        this.whenGone = whenGone;
    }

    void start() {
        Thread.ofVirtual().name("replies").start(this::send);
        Thread.ofVirtual().name("commands").start(this::receive);
    }

    void refuse(String why) throws IOException {
        try (channel) {
            write("error: " + why);
        }
    }

    // ---- commands

    private void receive() {
        try (RegisterServer.Session session = registers.session(this::event)) {
            LineReader lines = new LineReader(channel, LONGEST_LINE);
            for (String line = lines.next(); line != null && !line.strip().equals("quit"); line = lines.next()) {
                String reply = reply(session, line);
                if (!reply.isEmpty()) {
                    unsent.put(reply);
                }
            }
            unsent.put(END);
        } catch (LineReader.TooLongException e) {
            if (!unsent.offer("error: a line has at most " + LONGEST_LINE + " bytes") || !unsent.offer(END)) {
                close();
            }
        } catch (IOException e) {
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    private static String reply(RegisterServer.Session session, String line) {
        try {
            return session.execute(line);
        } catch (ScriptException e) {
            return "error: " + String.valueOf(e.getMessage()).replace('\n', ' ').replace('\r', ' ');
        }
    }

    /** Called while another client's command runs: never waits. */
    private void event(String line) {
        if (!unsent.offer(line)) {
            close();
        }
    }

    // ---- replies

    private void send() {
        try (channel) {
            for (String line = unsent.take(); !line.isEmpty(); line = unsent.take()) {
                write(line);
            }
        } catch (IOException e) {
            // It is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            whenGone.accept(this);
        }
    }

    private void write(String line) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Ends the connection. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone anyway.
        }
        unsent.clear();
        unsent.offer(END);
        whenGone.accept(this);
    }
}
