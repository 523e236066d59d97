package dev.openppu.reference;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A library that this build compiled from C, if it could, kept as a resource.
 *
 * @param anchor the class beside whose resources it lies
 * @param file its name
 */
public record CompiledLibrary(Class<?> anchor, String file) {
    private static final String FOLDER = "native/";
    private static final String REASON = FOLDER + "absent";

    /** Why it is not there; empty if it is. */
    public Optional<String> absence() {
        if (anchor.getResource(FOLDER + file) != null) {
            return Optional.empty();
        }
        try (InputStream reason = anchor.getResourceAsStream(REASON)) {
            return Optional
                    .of(reason == null ? file + " was not built" : new String(reason.readAllBytes(), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            return Optional.of(file + " was not built, and why cannot be read: " + e.getMessage());
        }
    }

    /**
     * Writes it to a file of its own, for the loader: who has loaded it may delete the file.
     *
     * @throws UnsupportedOperationException if it is {@linkplain #absence absent}
     */
    public Path extract() throws IOException {
        try (InputStream library = anchor.getResourceAsStream(FOLDER + file)) {
            if (library == null) {
                throw new UnsupportedOperationException(absence().orElse(file + " is not there"));
            }
            Path copy = Files.createTempFile("openppu-", "-" + file);
            Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        }
    }
}
