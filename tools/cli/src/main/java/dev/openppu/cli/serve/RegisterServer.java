package dev.openppu.cli.serve;

import dev.openppu.hal.LinkException;
import dev.openppu.model.rdl.RdlDevice;
import dev.openppu.rdl.live.LevelHook;
import dev.openppu.rdl.live.script.Interpreter;
import dev.openppu.rdl.live.script.ScriptException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Serves one device to any number of clients. Commands of all clients are carried out one after the other, each as a whole. Safe for
 * several threads.
 */
public final class RegisterServer implements AutoCloseable {

    private final RdlDevice device;
    private final DevicePort port;
    private final ReentrantLock turn = new ReentrantLock();
    private final List<Interpreter> clients = new CopyOnWriteArrayList<>();
    private final LevelHook listener = this::interruptChanged;

    /** Serves {@code device}, which {@link #close} closes. */
    public RegisterServer(RdlDevice device) {
        this.device = device;
        this.port = new DevicePort(device);
        device.listen(listener);
    }

    private void interruptChanged(long address, boolean level) {
        clients.forEach(client -> client.interruptChanged(address, level));
    }

    /** What to do at a line that goes wrong. */
    public enum OnError {
        STOP, GO_ON
    }

    /**
     * Carries out the lines of a stream until it ends.
     *
     * @param name   what messages call the stream
     * @param reply  takes replies and events, a line each
     * @param errors takes a message for each line that went wrong: {@code name:line: error: …}
     * @return how many lines went wrong
     * @throws IOException if the stream breaks
     */
    public int serve(String name, BufferedReader lines, Consumer<String> reply, Consumer<String> errors, OnError onError)
            throws IOException {
        int wrong = 0;
        try (Session session = session(reply)) {
            int number = 0;
            for (String line = lines.readLine(); line != null && !line.strip().equals("quit"); line = lines.readLine()) {
                number++;
                try {
                    String answer = session.execute(line);
                    if (!answer.isEmpty()) {
                        reply.accept(answer);
                    }
                } catch (ScriptException e) {
                    wrong++;
                    errors.accept(name + ":" + number + ": error: " + e.getMessage());
                    if (onError == OnError.STOP) {
                        break;
                    }
                }
            }
        }
        return wrong;
    }

    /**
     * Listens at a Unix-domain socket; returns at once. Every client speaks the same language, and gets a line for each command:
     * the reply, {@code ok}, or {@code error: …}; events come between them.
     *
     * @throws IOException if something listens there already, or something other than a socket is there; the message says which
     */
    public SocketServer listen(Path socket) throws IOException {
        return SocketServer.open(socket, this);
    }

    /** A client's session; {@code events} takes what it watches, and must not block. */
    Session session(Consumer<String> events) {
        return new Session(events);
    }

    /** One client. */
    final class Session implements AutoCloseable {
        private final Interpreter interpreter;

        private Session(Consumer<String> events) {
            this.interpreter = new Interpreter(port, device.locator(), events);
            clients.add(interpreter);
        }

        /** Carries out one line, when it is its turn. */
        String execute(String line) throws ScriptException {
            turn.lock();
            try {
                return interpreter.execute(line);
            } catch (LinkException | IndexOutOfBoundsException | IllegalArgumentException e) {
                throw ScriptException.error(String.valueOf(e.getMessage()));
            } finally {
                turn.unlock();
            }
        }

        @Override
        public void close() {
            clients.remove(interpreter);
        }
    }

    @Override
    public void close() {
        device.unlisten(listener);
        device.close();
    }
}
