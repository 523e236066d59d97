package dev.openppu.rdl.preprocess;

import dev.openppu.rdl.source.SourceFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds and reads files: first beside the including file, then along a search path. Reads each file once. */
public final class Includes {

    private static final long LARGEST_FILE = 1L << 28;

    private final List<Path> searchPath;
    private final Map<Path, SourceFile> read = new HashMap<>();
    private final Map<SourceFile, Path> folders = new HashMap<>();

    /** Searches {@code searchPath} in its order. */
    public Includes(List<Path> searchPath) {
        this.searchPath = List.copyOf(searchPath);
    }

    /**
     * Reads {@code path}: UTF-8, or, where it is none, Latin-1 as older files have it.
     *
     * @throws IOException if it cannot be read
     */
    public SourceFile open(Path path) throws IOException {
        SourceFile known = read.get(path);
        if (known != null) {
            return known;
        }
        SourceFile file = new SourceFile(path.toString(), decode(readAll(path)));
        read.put(path, file);
        Path folder = path.getParent();
        folders.put(file, folder == null ? Path.of("") : folder);
        return file;
    }

    /** Only of what has an end, and that not too far away: no pipes, no devices. */
    private static byte[] readAll(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException(Files.isDirectory(path) ? "it is a folder" : "it is no file, but a pipe or a device");
        }
        if (Files.size(path) > LARGEST_FILE) {
            throw new IOException("it has more than " + LARGEST_FILE + " bytes");
        }
        return Files.readAllBytes(path);
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * The file that {@code name} means in {@code from}, or null if there is none.
     *
     * @throws IOException if it is there and cannot be read
     */
    @Nullable
    SourceFile find(String name, SourceFile from) throws IOException {
        Path folder = folders.get(from);
        Path beside = folder == null ? null : folder.resolve(name);
        if (beside != null && Files.isRegularFile(beside)) {
            return open(beside.normalize());
        }
        for (Path directory : searchPath) {
            Path candidate = directory.resolve(name);
            if (Files.isRegularFile(candidate)) {
                return open(candidate.normalize());
            }
        }
        return null;
    }
}
