package dev.openppu.metrics;

import dev.openppu.driver.Metric;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Devices' metrics for a Prometheus registry: read when scraped, one {@code ppu_…} series per device, labelled with its name; the second device of one name is
 * {@code NAME #2}, in the order of the list. A device that is lost or closed has only
 * {@code ppu_up} 0. Thread-safe.
 *
 * <pre>{@code
 * PrometheusRegistry.defaultRegistry.register(new PpuCollector(List.of(ppu)));
 * }</pre>
 */
public final class PpuCollector implements MultiCollector {
    private static final String PREFIX = "ppu_";
    private static final String TOTAL = "_total";

    private final List<Source> sources;

    public PpuCollector(List<Ppu> devices) {
        Map<String, Integer> seen = new HashMap<>();
        this.sources = devices.stream().map(device -> source(device, seen.merge(device.toString(), 1, Integer::sum))).toList();
    }

    private static Source source(Ppu device, int occurrence) {
        return new Source(device, occurrence == 1 ? device.toString() : device + " #" + occurrence);
    }

    /** A device and the label that tells it from the others. */
    private record Source(Ppu device, String label) {}

    /** A value and the labels that tell it from others of its name. */
    private record Sample(Metric metric, Labels labels) {}

    @Override
    public MetricSnapshots collect() {
        Map<String, List<Sample>> byName = new LinkedHashMap<>();
        for (Source source : sources) {
            for (Metric metric : read(source.device)) {
                byName.computeIfAbsent(metric.name(), name -> new ArrayList<>()).add(new Sample(metric, labels(source, metric)));
            }
        }
        return new MetricSnapshots(byName.values().stream().map(PpuCollector::snapshot).toList());
    }

    private static List<Metric> read(Ppu device) {
        List<Metric> metrics = new ArrayList<>();
        double up = 1;
        try {
            metrics.addAll(device.metrics());
        } catch (PpuException e) { // lost or closed: what a watcher wants to know first
            up = 0;
        }
        metrics.addFirst(new Metric("up", "1 if the device answers, 0 if it is lost or closed.", Metric.Kind.GAUGE, Map.of(), up));
        return metrics;
    }

    private static Labels labels(Source source, Metric metric) {
        Map<String, String> labels = new TreeMap<>(metric.labels());
        labels.put("device", source.label);
        return Labels.of(labels.keySet().toArray(String[]::new), labels.values().toArray(String[]::new));
    }

    private static MetricSnapshot snapshot(List<Sample> samples) {
        Metric first = samples.getFirst().metric;
        if (first.kind() == Metric.Kind.GAUGE) {
            GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(PREFIX + first.name()).help(first.help());
            samples.forEach(s -> gauge.dataPoint(
                    GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(s.labels).value(s.metric.value()).build()));
            return gauge.build();
        }
        String name = first.name().substring(0, first.name().length() - TOTAL.length());
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(PREFIX + name).help(first.help());
        samples.forEach(s -> counter.dataPoint(
                CounterSnapshot.CounterDataPointSnapshot.builder().labels(s.labels).value(s.metric.value()).build()));
        return counter.build();
    }
}
