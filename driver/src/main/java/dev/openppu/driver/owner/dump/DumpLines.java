package dev.openppu.driver.owner.dump;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** The lines of a dump as they come together: bounded, each a JSON object whose first member is its section. */
final class DumpLines {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** Of all lines but the last, each with its line feed. */
    static final int MOST_BYTES = 8 << 20;

    private final List<String> lines = new ArrayList<>();
    private int bytes;
    private int left;

    /** Adds a line, or only counts it if the dump is full. */
    void add(String section, Map<String, ?> members) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("section", section);
        line.putAll(members instanceof SequencedMap ? members : new TreeMap<>(members));
        String text = JSON.writeValueAsString(line);
        int size = text.getBytes(StandardCharsets.UTF_8).length + 1;
        if (size > MOST_BYTES - bytes) {
            left++;
            return;
        }
        bytes += size;
        lines.add(text);
    }

    /** Collects a part; what goes wrong becomes a line. */
    void part(String name, Part part) {
        try {
            part.collect(this);
        } catch (Exception e) { // whatever a broken device makes happen here, the rest is worth having
            add("problem", Map.of("part", name, "message", String.valueOf(e.getMessage())));
        }
    }

    @FunctionalInterface
    interface Part {
        void collect(DumpLines lines) throws Exception;
    }

    /** All lines with the last one, which says that the dump is whole. */
    List<String> finish() {
        List<String> all = new ArrayList<>(lines);
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("section", "end");
        end.put("lines", lines.size() + 1);
        end.put("left", left);
        all.add(JSON.writeValueAsString(end));
        return all;
    }
}
