package dev.openppu.cli.dump;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.file.InputFile;
import dev.openppu.driver.owner.dump.DumpCollector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A dump, read from its file and checked to be whole.
 *
 * @param lines JSON objects, the header first, without the last line that says that the dump is whole
 */
public record DumpFile(List<JsonNode> lines) {
    private static final long MOST_BYTES = 64L << 20;

    public DumpFile {
        lines = List.copyOf(lines);
    }

    /**
     * Reads a dump.
     *
     * @throws BadInputException if the file is no dump, of a later version, or cut off
     */
    public static DumpFile read(Path file) throws IOException {
        String text = InputFile.readTextAtMost(file, MOST_BYTES);
        List<JsonNode> lines = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            JsonNode node = parse(line);
            if (lines.isEmpty() && (node == null || !DumpCollector.FORMAT.equals(string(node, "format")))) {
                throw new BadInputException(file + " is not a dump of a PPU: its first line is not an " + DumpCollector.FORMAT + " header");
            }
            if (node == null || string(node, "section").isEmpty()) {
                throw new BadInputException(file + " is damaged: line " + number + " is no JSON object with a section");
            }
            lines.add(node);
        }
        if (lines.isEmpty()) {
            throw new BadInputException(file + " is empty: not a dump of a PPU");
        }
        int version = lines.getFirst().path("version").asInt(0);
        if (version < 1 || version > DumpCollector.VERSION) {
            throw new BadInputException(
                    file + " is a dump of version " + version + "; this ppu reads up to version " + DumpCollector.VERSION
                            + ": use a newer one");
        }
        JsonNode last = lines.removeLast();
        if (!string(last, "section").equals("end") || last.path("lines").asInt(0) != lines.size() + 1) {
            throw new BadInputException(
                    file + " is cut off: its last line, which says that it is whole, is missing after " + number + " lines");
        }
        return new DumpFile(lines);
    }

    private static @org.jspecify.annotations.Nullable JsonNode parse(String line) {
        try {
            JsonNode node = JsonMapper.shared().readTree(line);
            return node.isObject() ? node : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** Lines of one section. */
    public List<JsonNode> section(String name) {
        return lines.stream().filter(line -> string(line, "section").equals(name)).toList();
    }

    static String string(JsonNode node, String member) {
        return node.path(member).asString("");
    }
}
