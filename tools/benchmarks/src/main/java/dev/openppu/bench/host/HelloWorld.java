package dev.openppu.bench.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The program whose start others are compared with: the JVM with its default class-data sharing, one class in a folder. */
public final class HelloWorld implements AutoCloseable {
    private final Path folder;

    public HelloWorld() {
        String file = HelloWorld.class.getName().replace('.', '/') + ".class";
        try (InputStream code = HelloWorld.class.getClassLoader().getResourceAsStream(file)) {
            if (code == null) {
                throw new IllegalStateException("the class " + file + " is not there");
            }
            folder = Files.createTempDirectory("openppu-hello");
            Path target = folder.resolve(file);
            Files.createDirectories(target.getParent());
            Files.copy(code, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] arguments) {
        System.out.println("Hello, world");
    }

    /** Milliseconds from start to end. */
    public double millis() {
        return Launch.millis(List.of(Launch.java(), "-cp", folder.toString(), HelloWorld.class.getName()));
    }

    @Override
    public void close() {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
