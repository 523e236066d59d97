package dev.openppu.model.firmware.planted;

import java.nio.file.Files;
import java.nio.file.Path;

/** Planted: firmware with a file system. */
public final class ReadsAFile {
    public boolean exists(Path path) {
        return Files.exists(path);
    }
}
