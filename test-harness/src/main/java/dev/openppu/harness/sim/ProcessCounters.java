package dev.openppu.harness.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** What this process holds of the machine, looked at again and again: threads, descriptors, mappings, memory. Those that this system does not tell are left out. Not thread-safe. */
final class ProcessCounters {
    private static final long MIB = 1 << 20;
    private static final Path SELF = Path.of("/proc/self");

    private final List<Counter> counters = new ArrayList<>();

    private record Counter(String name, String unit, long slack, LongSupplier now, List<Long> samples) {}

    ProcessCounters() {
        add("threads", "", 4, () -> ManagementFactory.getThreadMXBean().getThreadCount());
        if (Files.isDirectory(SELF)) {
            add("descriptors", "", 4, () -> count(Files::list, "fd"));
            add("mappings", "", 64, () -> count(Files::lines, "maps"));
        }
        add("heap after collection", "MiB", 16, ProcessCounters::heap);
        add("direct buffers", "MiB", 1, ProcessCounters::direct);
        if (Files.isDirectory(SELF)) {
            add("resident", "MiB", 128, ProcessCounters::resident);
        }
    }

    private void add(String name, String unit, long slack, LongSupplier now) {
        counters.add(new Counter(name, unit, slack, now, new ArrayList<>()));
    }

    /** Looks at all of them; collects garbage first. */
    void sample() {
        System.gc();
        counters.forEach(counter -> counter.samples.add(counter.now.getAsLong()));
    }

    List<Trend> trends() {
        return counters.stream().map(counter -> new Trend(counter.name, counter.unit, counter.slack,
                counter.samples.stream().mapToLong(Long::longValue).toArray())).toList();
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB;
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum() / MIB;
    }

    private static long resident() {
        try (Stream<String> lines = Files.lines(SELF.resolve("status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst().orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Listing {
        Stream<?> of(Path path) throws IOException;
    }

    private static long count(Listing listing, String name) {
        try (Stream<?> all = listing.of(SELF.resolve(name))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
