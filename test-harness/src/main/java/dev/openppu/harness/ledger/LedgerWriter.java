package dev.openppu.harness.ledger;

import dev.openppu.harness.sim.CampaignListener;
import dev.openppu.harness.sim.LifeResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Appends a line for each life that ends: whole, or, when the process is killed meanwhile, torn and without its end. Nothing is buffered in this process. Holds the file's lock.
 *
 * <p>Lives come from one thread at a time.
 */
public final class LedgerWriter implements CampaignListener, AutoCloseable {
    private final Path file;
    private final FileChannel out;
    private final List<LifeLine> before;

    private LedgerWriter(Path file, FileChannel out, List<LifeLine> before) {
        this.file = file;
        this.out = out;
        this.before = before;
    }

    /**
     * Begins a file, or goes on with one.
     *
     * @param resume whether a file that is there is gone on with; one that is not is begun
     * @throws LedgerException if the file is there and is not to be gone on with, is another campaign's, or another process writes it
     * @throws IOException if it cannot be written
     */
    public static LedgerWriter open(Path file, Header header, boolean resume) throws IOException {
        FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!Files.isRegularFile(file)) {
                return begin(file, out, header);
            }
            lock(file, out);
            if (Ledger.isBlank(file)) {
                out.truncate(0);
                return begin(file, out, header);
            }
            return goOn(file, out, header, resume);
        } catch (IOException | RuntimeException | Error e) {
            out.close();
            throw e;
        }
    }

    private static void lock(Path file, FileChannel out) throws IOException {
        boolean mine;
        try {
            mine = out.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            mine = false;
        }
        if (!mine) {
            throw new LedgerException(file + ": another campaign is writing this file: wait for it, or name another file");
        }
    }

    private static LedgerWriter begin(Path file, FileChannel out, Header header) throws IOException {
        LedgerWriter writer = new LedgerWriter(file, out, List.of());
        writer.append(header.line());
        return writer;
    }

    private static LedgerWriter goOn(Path file, FileChannel out, Header header, boolean resume) throws IOException {
        if (!resume) {
            throw new LedgerException(file + ": this file is there already: --resume goes on with it; or name another file");
        }
        Ledger ledger = Ledger.read(file);
        Optional<String> difference = ledger.header().differsFrom(header)
                .or(() -> ledger.header().seeds().equals(header.seeds())
                        ? Optional.empty()
                        : Optional.of("share %d/%d, not %d/%d".formatted(ledger.header().seeds().shard(), ledger.header().seeds().shards(),
                                header.seeds().shard(), header.seeds().shards())));
        if (difference.isPresent()) {
            throw new LedgerException(file + ": another campaign's file cannot be gone on with: it has " + difference.get());
        }
        out.truncate(ledger.wholeBytes());
        out.position(ledger.wholeBytes());
        return new LedgerWriter(file, out, ledger.lines().stream().map(Ledger.Line::life).toList());
    }

    /** Lives that were in the file when it was opened. */
    public List<LifeLine> before() {
        return before;
    }

    /** Their seeds. */
    public Set<Long> seedsBefore() {
        return before.stream().map(LifeLine::seed).collect(Collectors.toSet());
    }

    @Override
    public void ended(LifeResult life) {
        try {
            append(LifeLine.of(life).text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw new IOException("cannot write to " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
