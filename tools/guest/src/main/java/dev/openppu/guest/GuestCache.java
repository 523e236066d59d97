package dev.openppu.guest;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where fetched packages and what is made of them are kept: {@code OPENPPU_GUEST_CACHE}, else {@code openppu/guest} under {@code XDG_CACHE_HOME} or {@code ~/.cache}. Removing the
 * folder makes the next guest fetch all anew.
 */
public final class GuestCache {
    private final Path folder;

    public GuestCache(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** The user's. */
    public static GuestCache ofUser() {
        return new GuestCache(Optional.ofNullable(System.getenv("OPENPPU_GUEST_CACHE")).map(Path::of).orElseGet(
                () -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache")).resolve("openppu/guest")));
    }

    public Path folder() {
        return folder;
    }

    /** Makes a part of the cache in a folder that it is given. */
    interface Maker {
        void make(Path folder) throws IOException, GuestUnavailableException;
    }

    /** The part of this name, which is made when it is not there yet: all of it or nothing, by one process at a time. */
    Path part(String name, Maker maker) throws GuestUnavailableException {
        Path part = folder.resolve(name);
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!Files.exists(part)) {
                    Path unfinished = folder.resolve(name + ".unfinished");
                    remove(unfinished);
                    Files.createDirectories(unfinished);
                    maker.make(unfinished);
                    Files.move(unfinished, part);
                }
                return part;
            }
        } catch (IOException e) {
            throw new GuestUnavailableException("cannot prepare %s: %s".formatted(part, e));
        }
    }

    static void remove(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(tree)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
