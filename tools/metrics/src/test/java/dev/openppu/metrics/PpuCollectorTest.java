package dev.openppu.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a scrape shows of devices at work, and of one that is gone. */
class PpuCollectorTest {
    @Test
    void aScrapeShowsWhatTheDeviceHasDone() throws IOException {
        try (Ppu ppu = Ppu.open("model:zw810e?clock=sim&seed=1"); Context context = ppu.createContext()) {
            DeviceBuffer buffer = context.allocate(1 << 20);
            String before = scrape(ppu);
            context.fill32(buffer, 0, 7, 1 << 18);
            context.synchronize();
            String after = scrape(ppu);
            assertThat(value(after, "ppu_up{")).isEqualTo(1);
            assertThat(value(after, "ppu_contexts{")).isEqualTo(1);
            assertThat(value(after, "ppu_packets_total{")).isGreaterThan(value(before, "ppu_packets_total{"));
            assertThat(sum(after, "ppu_copy_bytes_total{") - sum(before, "ppu_copy_bytes_total{")).isEqualTo(1 << 20);
            assertThat(value(after, "ppu_memory_size_bytes{")).isEqualTo(96.0 * (1L << 30));
            assertThat(after).contains("# TYPE ppu_packets_total counter", "# TYPE ppu_contexts gauge");
        }
    }

    @Test
    void twoDevicesAreTwoSeriesOfOneMetric() throws IOException {
        try (Ppu first = Ppu.open("model:zw810e?clock=sim&seed=1"); Ppu second = Ppu.open("model:hanguang800?clock=sim&seed=2")) {
            String text = scrape(first, second);
            assertThat(text.lines().filter(line -> line.startsWith("ppu_up{"))).hasSize(2);
            assertThat(text.lines().filter(line -> line.equals("# TYPE ppu_up gauge"))).hasSize(1);
            assertThat(text).contains("device=\"" + first + "\"", "device=\"" + second + "\"");
        }
    }

    @Test
    void twoDevicesOfOneNameAreToldApart() throws IOException {
        String uri = "model:zw810e?clock=sim&seed=5";
        try (Ppu first = Ppu.open(uri); Ppu second = Ppu.open(uri)) {
            assertThat(scrape(first, second)).contains("ppu_up{device=\"" + first + "\"} 1.0", "ppu_up{device=\"" + second + " #2\"} 1.0");
        }
    }

    @Test
    void aClosedDeviceIsDownAndDisturbsNoOther() throws IOException {
        Ppu gone = Ppu.open("model:zw810e?clock=sim&seed=3");
        gone.close();
        try (Ppu ppu = Ppu.open("model:zw810e?clock=sim&seed=4")) {
            String text = scrape(gone, ppu);
            assertThat(text).contains("ppu_up{device=\"" + gone + "\"} 0.0", "ppu_up{device=\"" + ppu + "\"} 1.0");
        }
    }

    private static String scrape(Ppu... devices) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new PpuCollector(List.of(devices)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, registry.scrape());
        return out.toString(StandardCharsets.UTF_8);
    }

    private static double value(String text, String start) {
        List<String> lines = text.lines().filter(line -> line.startsWith(start)).toList();
        assertThat(lines).as(start).hasSize(1);
        return Double.parseDouble(lines.getFirst().substring(lines.getFirst().lastIndexOf(' ') + 1));
    }

    private static double sum(String text, String start) {
        return text.lines().filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void aDeviceThatWasPoweredOffAndOnIsDownAndDisturbsNoOther() throws IOException {
        try (DeviceLink link = Links.open("model:zw810e?clock=sim&seed=6");
                Ppu gone = Ppu.open(link, PpuOptions.builder().noDumps().build());
                Ppu ppu = Ppu.open("model:zw810e?clock=sim&seed=7")) {
            link.reset(ResetKind.COLD);
            assertThat(scrape(gone, ppu)).contains("ppu_up{device=\"" + gone + "\"} 0.0", "ppu_up{device=\"" + ppu + "\"} 1.0");
        }
    }
}
