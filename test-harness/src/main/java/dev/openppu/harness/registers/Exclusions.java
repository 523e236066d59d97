package dev.openppu.harness.registers;

import dev.openppu.harness.input.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the register suite leaves out, each with its reason. A text file, a line each: a path of a register, field or memory without the
 * map's name, what to leave out, and why. In a path {@code *} stands for any text without a dot, {@code **} for any text, and an index
 * may be left out for all elements. What to leave out is {@code all}, {@code write}, {@code compare}, or sequences
 * joined by commas. {@code #} begins a comment.
 *
 * <pre>{@code
 * uart.data          write    # a write sends a byte   <- refused: the reason is no comment
 * uart.data          write    a write sends a byte
 * uart.status.*      compare  follows the line
 * dma.channel.start  bit-bash,shuffled  starts a transfer
 * }</pre>
 *
 * Immutable.
 */
public final class Exclusions {
    /** Nothing is left out. */
    public static final Exclusions NONE = new Exclusions(List.of());

    private static final String ALL = "all";
    private static final String WRITE = "write";
    private static final String COMPARE = "compare";
    private static final int PARTS = 3;

    private final List<Line> lines;

    /**
     * @param where file and line
     * @param written the path as it stands there
     */
    private record Line(String where, String written, Pattern path, List<String> what, String reason) {
        boolean is(String place, String kind) {
            return (what.contains(kind) || what.contains(ALL)) && path.matcher(place).matches();
        }
    }

    private Exclusions(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /** @throws IllegalArgumentException if a line is malformed or no UTF-8, with the file, the line's number and what is wrong with it */
    public static Exclusions read(Path file) throws IOException {
        return read(file.toString(), new StringReader(TextFile.read(file)));
    }

    /** What a PPU moves by itself, and what a blind write would set off. */
    public static Exclusions ofPpu() {
        return resource("ppu.exclusions");
    }

    private static Exclusions resource(String name) {
        try (InputStream in = Exclusions.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return read(name, new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    /** @param name for messages */
    public static Exclusions read(String name, Reader in) throws IOException {
        List<Line> lines = new ArrayList<>();
        BufferedReader reader = new BufferedReader(in);
        int number = 0;
        for (String text = reader.readLine(); text != null; text = reader.readLine()) {
            number++;
            String line = text.replaceFirst("(^|\\s)#.*", "").strip();
            if (!line.isEmpty()) {
                lines.add(line(name + ":" + number, line));
            }
        }
        return new Exclusions(lines);
    }

    private static Line line(String where, String text) {
        String[] parts = text.split("\\s+", PARTS);
        if (parts.length < PARTS) {
            throw new IllegalArgumentException(where + ": '" + text + "' is not PATH WHAT REASON; each exclusion needs its reason");
        }
        List<String> what = List.of(parts[1].split(","));
        what.stream().filter(word -> !known(word)).findFirst().ifPresent(word -> {
            throw new IllegalArgumentException(where + ": nothing is called '" + word + "'; there are all, write, compare, "
                    + Stream.of(Sequence.values()).map(Sequence::id).collect(Collectors.joining(", ")));
        });
        return new Line(where, parts[0], pattern(parts[0]), what, parts[2]);
    }

    private static boolean known(String word) {
        return word.equals(ALL) || word.equals(WRITE) || word.equals(COMPARE) || Sequence.find(word).isPresent();
    }

    private static Pattern pattern(String path) {
        return Pattern.compile(Stream.of(path.split("\\.", -1)).map(Exclusions::namePattern).collect(Collectors.joining("\\.")));
    }

    private static String namePattern(String name) {
        String regex = Pattern.quote(name).replace("**", "\\E.{0,}\\Q").replace("*", "\\E[^.]{0,}\\Q");
        return name.endsWith("]") ? regex : regex + "(\\[[0-9]+\\])*";
    }

    /** Both lists, this one's reasons first. */
    public Exclusions and(Exclusions more) {
        return new Exclusions(Stream.concat(lines.stream(), more.lines.stream()).toList());
    }

    /**
     * A line that leaves out nothing is a mistake: what it was to keep the suite from would be done.
     *
     * @param definitions paths of all registers, fields and memories that there are, without indexes
     * @throws IllegalArgumentException if a line names none of them
     */
    void requireKnown(Set<String> definitions) {
        for (Line line : lines) {
            Pattern name = pattern(line.written().replaceAll("\\[[^]]*]", ""));
            if (definitions.stream().noneMatch(path -> name.matcher(path).matches())) {
                throw new IllegalArgumentException(line.where() + ": no register, field or memory is called '" + line.written()
                        + "'; a path begins below the map, without the map's own name");
            }
        }
    }

    /** Why {@code sequence} leaves a register or memory out altogether. */
    Optional<String> reason(String path, Sequence sequence) {
        return reason(path, sequence.id());
    }

    /** Why a register or field is not to be written. */
    Optional<String> noWrite(String path) {
        return reason(path, WRITE);
    }

    /** Why a register or field is not to be compared. */
    Optional<String> noCompare(String path) {
        return reason(path, COMPARE);
    }

    private Optional<String> reason(String path, String kind) {
        return lines.stream().filter(line -> line.is(path, kind)).map(Line::reason).findFirst();
    }
}
