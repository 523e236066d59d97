package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** A model in a process of its own. */
final class ServedProcess implements AutoCloseable {
    private final Path socket;
    private final Process process;

    ServedProcess(Path socket, String uri) throws IOException {
        this.socket = socket;
        this.process = OwnProcess.start(ServingProcess.class, "-Xmx2g", "-Dopenppu.served.socket=" + socket,
                "-Dopenppu.served.device=" + uri);
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
    }

    String uri() {
        return "vfio-user:" + socket;
    }

    /** @param name of a signal: KILL, STOP */
    void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor()).isZero();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
