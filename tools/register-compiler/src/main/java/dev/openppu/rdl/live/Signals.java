package dev.openppu.rdl.live;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The levels of a map's signals. */
final class Signals {

    private final Map<String, Integer> ids = new HashMap<>();
    private long[] levels = new long[8];

    /** The number of signal {@code path}, given out when it is first asked for. */
    int id(String path) {
        int id = ids.computeIfAbsent(path, _ -> ids.size());
        if (id >= levels.length) {
            levels = Arrays.copyOf(levels, levels.length * 2);
        }
        return id;
    }

    /** The number of signal {@code path}, or -1 where nothing refers to one. */
    int find(String path) {
        return ids.getOrDefault(path, -1);
    }

    long level(int id) {
        return levels[id];
    }

    void level(int id, long level) {
        levels[id] = level;
    }
}
