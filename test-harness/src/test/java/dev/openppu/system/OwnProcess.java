package dev.openppu.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a class of this module in a JVM of its own. */
final class OwnProcess {
    private OwnProcess() {}

    static Process start(Class<?> main, String... options) throws IOException {
        Path classes = Path.of(java.net.URI.create(main.getResource(main.getSimpleName() + ".class").toString())).getParent();
        for (int i = 0; i < main.getPackageName().split("\\.").length; i++) {
            classes = classes.getParent();
        }
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC"));
        command.addAll(List.of(options));
        command.addAll(
                List.of("--enable-native-access=dev.openppu.hal", "--module-path", System.getProperty("jdk.module.path"), "--patch-module",
                        "dev.openppu.harness=" + classes, "--add-modules", "dev.openppu.model", "--module",
                        "dev.openppu.harness/" + main.getName()));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
