package dev.openppu.harness.recording;

import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What there is in a recording, in numbers. For one thread. */
public final class RecordingSummary {
    private static final int MOST_REGISTERS = 1 << 16;

    private final RegisterNames names;
    private final Map<Kind, Long> kinds = new EnumMap<>(Kind.class);
    private final Map<String, Long> registers = new HashMap<>();
    private final TreeSet<Integer> threads = new TreeSet<>();
    private long records;
    private long first = -1;
    private long last;
    private long dmaBytes;

    public RecordingSummary(RegisterNames names) {
        this.names = names;
    }

    public void add(RecordedEvent event) {
        records++;
        kinds.merge(event.kind(), 1L, Long::sum);
        first = first < 0 ? event.nanos() : first;
        last = event.nanos();
        if (event.kind().call() && threads.size() < MOST_REGISTERS) {
            threads.add(event.thread());
        }
        if (event.kind() == Kind.DMA_READ || event.kind() == Kind.DMA_WRITE) {
            dmaBytes += event.size();
        }
        if (EventFilter.ofBar(event) && registers.size() < MOST_REGISTERS) {
            String name = names.name(event.unit(), event.place());
            registers.merge(name.isEmpty() ? "bar" + event.unit() : name, 1L, Long::sum);
        }
    }

    public long records() {
        return records;
    }

    /** From the first record to the last. */
    public long nanos() {
        return Math.max(0, last - Math.max(0, first));
    }

    public long dmaBytes() {
        return dmaBytes;
    }

    public int threads() {
        return threads.size();
    }

    public Map<Kind, Long> kinds() {
        return kinds;
    }

    /** Those that are accessed most often, with how often. */
    public List<Map.Entry<String, Long>> busiest(int most) {
        return registers.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry
                .comparingByKey())).limit(most).toList();
    }
}
