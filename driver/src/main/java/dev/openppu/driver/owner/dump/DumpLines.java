package dev.openppu.driver.owner.dump;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * The lines of a dump as they come together: bounded, each a JSON object whose first member is its section. What asks the device goes on only as long as it may; then one line says where
 * it was cut short, and what follows of the device is left out.
 */
final class DumpLines {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** Of all lines but the last, each with its line feed. */
    static final int MOST_BYTES = 8 << 20;

    private final List<String> lines = new ArrayList<>();
    private final Supplier<Optional<String>> end;
    private boolean cut;
    private int bytes;
    private int left;

    /** @param end why nothing more is to be asked of the device; empty as long as it may be */
    DumpLines(Supplier<Optional<String>> end) {
        this.end = end;
    }

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
        } catch (CutShort e) {
            if (!cut) { // the innermost part says it
                cut = true;
                add("problem", Map.of("part", name, "message", "cut short, and nothing of the device after it: " + e.getMessage()));
            }
        } catch (Exception e) { // whatever a broken device makes happen here, the rest is worth having
            add("problem", Map.of("part", name, "message", String.valueOf(e.getMessage())));
        }
    }

    /** Collects a part that asks the device, unless nothing more is to be asked of it. */
    void ask(String name, Part part) {
        if (!cut) {
            part(name, lines -> {
                goOn();
                part.collect(lines);
            });
        }
    }

    /**
     * To be asked before each step that asks the device.
     *
     * @throws CutShort if nothing more is to be asked of it
     */
    void goOn() {
        Optional<String> why = cut ? Optional.of("it was cut short before") : end.get();
        if (why.isPresent()) {
            throw new CutShort(why.get());
        }
    }

    /** Ends the part in which it is thrown. */
    static final class CutShort extends RuntimeException {
        private static final long serialVersionUID = 1;

        CutShort(String why) {
            super(why);
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
