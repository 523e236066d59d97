package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Table;
import dev.openppu.driver.Metric;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;

/** {@code ppu metrics}: what there is to watch of a device. */
@Command(name = "metrics", sortOptions = false, description = "Brings the device up and shows what there is to watch of it: work done, memory, errors, power. An exporter reads the same by Ppu.metrics().", footerHeading = "%nExamples:%n", footer = {
    "  ppu metrics", "  ppu metrics --json"})
public final class MetricsCommand implements Callable<Integer> {
    private final Invocation invocation;

    public MetricsCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (Ppu ppu = Ppu.open(invocation.options().deviceUri(), PpuOptions.defaults())) {
            List<Metric> metrics = ppu.metrics();
            if (invocation.json()) {
                Json.document(invocation.out(), Json.object("device", ppu.toString(), "metrics",
                        metrics.stream().map(MetricsCommand::json).toList()));
            } else {
                Table table = new Table("METRIC", "VALUE", "MEANING");
                metrics.forEach(metric -> table.row(name(metric), number(metric.value()), metric.help()));
                table.print(invocation.out(), "");
            }
        }
        return ExitStatus.OK;
    }

    private static Map<String, Object> json(Metric metric) {
        return Json.object("name", metric.name(), "kind", metric.kind().name().toLowerCase(Locale.ROOT), "labels",
                new TreeMap<>(metric.labels()), "value", metric.value(), "help", metric.help());
    }

    private static String name(Metric metric) {
        return metric.labels().isEmpty()
                ? metric.name()
                : new TreeMap<>(metric.labels()).entrySet().stream().map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(", ", metric.name() + " (", ")"));
    }

    private static String number(double value) {
        return new BigDecimal(value).setScale(6, java.math.RoundingMode.HALF_EVEN).stripTrailingZeros().toPlainString();
    }
}
