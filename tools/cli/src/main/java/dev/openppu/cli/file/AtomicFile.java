package dev.openppu.cli.file;

import dev.openppu.cli.BadInputException;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An output file that appears whole or not at all: it is written to a temporary file in the target's folder and moved onto the target by
 * {@link #commit}. Closing without commit, and the end of the process by a signal or {@link System#exit}, remove the temporary file.
 *
 * <p>A target that is there and is no regular file (a pipe, a terminal, {@code /dev/null}) is written in place.
 *
 * <p>For one thread.
 */
public final class AtomicFile implements AutoCloseable {
    private final Path target;
    private final Path written;
    private final Thread discardAtExit = Thread.ofPlatform().name("discard half-written output").unstarted(this::discard);
    private boolean done;

    private AtomicFile(Path target, Path written) {
        this.target = target;
        this.written = written;
    }

    /**
     * Prepares the file now, so that an output that cannot be written is known before the work is done.
     *
     * @throws BadInputException if the target is a folder, or its folder is not there or not writable
     */
    public static AtomicFile create(Path target) {
        try {
            if (Files.isDirectory(target)) {
                throw new BadInputException(target + " is a folder; name a file");
            }
            Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
            if (Files.exists(real) && !Files.isRegularFile(real)) {
                return new AtomicFile(real, real);
            }
            AtomicFile file = new AtomicFile(real, temporaryBeside(real));
            Runtime.getRuntime().addShutdownHook(file.discardAtExit);
            return file;
        } catch (IOException e) {
            throw new BadInputException(target + " cannot be written: " + IoProblems.describe(e), e);
        }
    }

    private static Path temporaryBeside(Path target) throws IOException {
        while (true) {
            String tag = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
            try {
                return Files.createFile(target.resolveSibling("." + target.getFileName() + "." + tag + ".tmp"));
            } catch (FileAlreadyExistsException e) {
                // Another name, then.
            }
        }
    }

    /** Where to write until {@link #commit}. */
    public Path path() {
        return written;
    }

    /** Makes the file appear under its own name, replacing what was there. */
    public void commit() throws IOException {
        if (!written.equals(target)) {
            try {
                Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(written, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        done = true;
    }

    @Override
    public void close() {
        if (!done) {
            discard();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(discardAtExit);
        } catch (IllegalStateException e) {
            // The process is ending; the hook finds nothing to discard.
        }
    }

    private void discard() {
        if (!written.equals(target)) {
            try {
                Files.deleteIfExists(written);
            } catch (IOException e) {
                System.getLogger(AtomicFile.class.getName()).log(System.Logger.Level.WARNING, "left behind: " + written, e);
            }
        }
    }
}
