package dev.openppu.system;

import dev.openppu.hal.LinkUri;
import dev.openppu.hal.vfiouser.server.VfioUserServer;
import dev.openppu.model.serve.ServedModel;
import java.nio.file.Path;

/** Serves the model {@code openppu.served.device} at {@code openppu.served.socket} until it is killed. */
final class ServingProcess {
    private ServingProcess() {}

    public static void main(String... arguments) throws InterruptedException {
        try (ServedModel model = ServedModel.open(LinkUri.parse(System.getProperty("openppu.served.device")));
                VfioUserServer server = VfioUserServer.open(Path.of(System.getProperty("openppu.served.socket")), model,
                        event -> System.err.println("server: " + event))) {
            System.out.println("ready");
            server.await();
        }
    }
}
