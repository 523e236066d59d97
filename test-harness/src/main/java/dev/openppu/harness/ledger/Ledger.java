package dev.openppu.harness.ledger;

import dev.openppu.harness.input.TextFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a campaign's file holds.
 *
 * @param lines of lives, in the order of the file; a seed may be among them twice
 * @param wholeBytes length of the file up to the end of its last whole line
 * @param torn whether half a line follows, as a kill leaves it
 */
public record Ledger(Path file, Header header, List<Line> lines, long wholeBytes, boolean torn) {
    private static final byte LINE_FEED = '\n';

    /** A life, and the very text that says so. */
    public record Line(LifeLine life, String text) {}

    public Ledger {
        lines = List.copyOf(lines);
    }

    /**
     * Reads all of it. The whole lines of a file that is being written are read as they are.
     *
     * @throws LedgerException if it is no such file
     * @throws IOException if it cannot be read
     */
    public static Ledger read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != LINE_FEED) {
            end--;
        }
        List<String> texts = text(ByteBuffer.wrap(bytes, 0, end), file).lines().toList();
        if (texts.isEmpty()) {
            throw new LedgerException(file + ": this is no campaign's file: it has no whole line");
        }
        Header header = Header.parse(texts.getFirst(), file + ", line 1");
        List<Line> lines = new ArrayList<>();
        for (int i = 1; i < texts.size(); i++) {
            lines.add(line(header, texts.get(i), file + ", line " + (i + 1)));
        }
        return new Ledger(file, header, lines, end, end < bytes.length);
    }

    private static String text(ByteBuffer bytes, Path file) {
        try {
            return TextFile.decode(bytes, file.toString());
        } catch (IllegalArgumentException e) {
            throw new LedgerException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether every seed that the file is to have was lived. */
    public boolean finished() {
        return lines.stream().map(line -> line.life().seed()).distinct().count() == header.seeds().count();
    }

    /** Whether a file holds nothing that has to be kept: not even the campaign's line is whole. */
    public static boolean isBlank(Path file) throws IOException {
        return Files.size(file) == 0
                || Files.size(file) < 1 << 20 && new String(Files.readAllBytes(file), StandardCharsets.UTF_8).indexOf(LINE_FEED) < 0;
    }

    private static Line line(Header header, String text, String where) {
        LifeLine life = LifeLine.parse(text, where);
        if (!header.seeds().contains(life.seed())) {
            throw new LedgerException("%s: seed %d is not among the seeds %s, share %d/%d, of this file".formatted(where, life.seed(),
                    header.seeds(), header.seeds().shard(), header.seeds().shards()));
        }
        return new Line(life, text);
    }
}
