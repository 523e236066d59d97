package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.firmware.LogRecord;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.driver.ClockCorrelation;
import dev.openppu.driver.DeviceHealth;
import dev.openppu.driver.DeviceState;
import dev.openppu.driver.FirmwareLog;
import dev.openppu.driver.FirmwareLogEntry;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.MemoryInfo;
import dev.openppu.driver.Metric;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.harness.sim.check.CountedXids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an administrator does while tenants are at work: reads metrics, clocks, health and the firmware's log, sets the watchdog, has new firmware written to flash, and drains the device. What comes back is held against registers that are read again, and
 * against what the tenant has and does itself. Judged only where no fault has falsified what is read, and in one epoch.
 */
final class CareSteps {
    private static final int MOST_THOUGHT_NANOS = 100_000;
    private static final Duration SHORTLY = Duration.ofNanos(20_000);
    /** What no kernel of lives but those that are to run too long needs, and those need more than twice. */
    private static final int WATCHDOG_CYCLES = 20_000;
    /** The clocks of host and device are one under the simulated clock, and run alike in real time. */
    private static final long APART_NANOS = 2_000;

    private final Workbench bench;
    private final Step step;
    private final Desk desk;
    private final Ppu ppu;
    private final LinkRuntime runtime;
    private final Dials dials;
    private final Claim claim;

    CareSteps(Workbench bench, Step step, Desk desk) {
        this.bench = bench;
        this.step = step;
        this.desk = desk;
        this.ppu = bench.context().ppu();
        this.runtime = ppu.link().runtime();
        this.dials = new Dials(ppu.owner().device().registers());
        this.claim = new Claim(bench, step);
    }

    void perform() {
        int epoch = ppu.epoch();
        switch (step.kind()) {
            case METRICS -> metrics(epoch);
            case CLOCKS -> clocks(epoch);
            case HEALTH -> health(epoch);
            case FIRMWARE_LOG -> firmwareLog(epoch);
            case DUMP -> new DumpSteps(bench, step).perform(() -> judged(epoch));
            case WATCHDOG, DRAIN, UPDATE, RESET -> {
                if (desk.enter()) {
                    try {
                        change(epoch);
                    } finally {
                        desk.leave();
                    }
                }
            }
            default -> throw new IllegalArgumentException(step + " is no administrator's");
        }
    }

    private void change(int epoch) {
        switch (step.kind()) {
            case WATCHDOG -> watchdog(epoch);
            case RESET -> new ResetSteps(bench, step, desk).perform();
            case UPDATE -> new UpdateSteps(bench, step).perform(() -> judged(epoch) && desk.epochSafe());
            default -> {
                desk.draining(ppu, this::drained);
                ppu.createContext().close();
            }
        }
    }

    /** To be asked behind all that was read. */
    private boolean judged(int epoch) {
        return desk.registersTrue() && ppu.epoch() == epoch && !ppu.lost();
    }

    private void metrics(int epoch) {
        Stream stream = bench.stream(step);
        Contents contents = bench.buffer(step);
        List<Integer> own = List.of(stream.queue());
        Map<String, Double> before = dials.read(own);
        Map<String, Double> told = told();
        Map<String, Double> after = dials.read(own);
        bench.order(contents, stream, step);
        stream.fill32(contents.buffer(), 0, step.number(), contents.length());
        Arrays.fill(contents.words(), step.number());
        bench.synchronize(stream);
        Map<String, Double> behind = told();
        Inventory held = ppu.inventory();
        MemoryInfo memory = ppu.memoryInfo();
        if (!judged(epoch)) {
            return;
        }
        before.forEach((key, least) -> {
            double value = value(told, key);
            double slack = Dials.slack(key);
            double most = value(after, key);
            claim.holds(value >= Math.min(least, most) - slack && value <= Math.max(least, most) + slack,
                    "%s is %s".formatted(key, value), "%s to %s, as the registers have it".formatted(least, most));
        });
        double moved = sum(behind, "copy_bytes_total") - sum(told, "copy_bytes_total");
        claim.holds(moved >= contents.bytes(), "copies and fills moved %.0f bytes".formatted(moved),
                "at least the %d of a fill".formatted(contents.bytes()));
        claim.holds(sum(behind, "copies_total") > sum(told, "copies_total") && sum(behind, "packets_total") > sum(told, "packets_total"),
                "neither copies_total nor packets_total may stand still", "one more, behind a fill");
        claim.holds(value(told, "contexts{}") >= 1 && value(told, "queues{}") >= 1 && held.contexts() >= 1 && held.queues() >= 1,
                "%s contexts, %s queues; %s".formatted(value(told, "contexts{}"), value(told, "queues{}"), held),
                "at least the tenant's own");
        claim.holds(value(told, "memory_used_bytes{}") >= bench.deviceBytes() && held.deviceBytes() >= bench.deviceBytes(),
                "%s bytes of device memory are used; %s".formatted(value(told, "memory_used_bytes{}"), held),
                "at least the tenant's %d".formatted(bench.deviceBytes()));
        claim.holds(value(told, "memory_size_bytes{}") >= memory.total() && memory.total() > 0,
                "%s bytes of device memory, of which %s can be handed out"
                        .formatted(value(told, "memory_size_bytes{}"), memory.total()),
                "no more than there are");
        claim.holds(value(told, "pinned_memory_bytes{}") > 0 && held.pinnedBytes() > 0 && held.pinnedMappings() > 0,
                "%s bytes of host memory are mapped; %s".formatted(value(told, "pinned_memory_bytes{}"), held), "at least the tenant's");
    }

    /** With each label in braces, as a map writes them. */
    private Map<String, Double> told() {
        return ppu.metrics().stream().collect(Collectors.toMap(Dials::key, Metric::value));
    }

    /** Nothing compares with one that is not there. */
    private static double value(Map<String, Double> values, String key) {
        return values.getOrDefault(key, Double.NaN);
    }

    private static double sum(Map<String, Double> values, String name) {
        return values.entrySet().stream().filter(value -> value.getKey().startsWith(name + "{")).mapToDouble(Map.Entry::getValue).sum();
    }

    private void clocks(int epoch) {
        long hostBefore = runtime.nanos();
        long before = ppu.deviceTime();
        ClockCorrelation clocks = ppu.correlateClocks();
        long after = ppu.deviceTime();
        long hostAfter = runtime.nanos();
        if (!judged(epoch)) {
            return;
        }
        long apart = clocks.uncertaintyNanos() + APART_NANOS;
        claim.holds(clocks.deviceNanos() >= before && clocks.deviceNanos() <= after && clocks.hostNanos() >= hostBefore
                && clocks.hostNanos() <= hostAfter && clocks.uncertaintyNanos() >= 0 && clocks.uncertaintyNanos() <= hostAfter - hostBefore,
                clocks.toString(),
                "an instant between %d and %d ns of the device's clock, and between %d and %d ns of the host's".formatted(before, after,
                        hostBefore, hostAfter));
        claim.holds(clocks.toDevice(hostBefore) <= before + apart && clocks.toDevice(hostAfter) >= after - apart
                && clocks.toHost(before) >= hostBefore - apart && clocks.toHost(after) <= hostAfter + apart,
                "%s: %d ns of the host's clock are %d ns of the device's".formatted(clocks, hostBefore, clocks.toDevice(hostBefore)),
                "no more than %d ns".formatted(before + apart));
    }

    private void health(int epoch) {
        CountedXids before = CountedXids.of(ppu.xids());
        DeviceHealth health = ppu.health();
        CountedXids after = CountedXids.of(ppu.xids());
        if (!judged(epoch)) {
            return;
        }
        claim.holds(health.epoch() == epoch && health.state() == DeviceState.UP && health.failure().isEmpty(), health.toString(),
                "a device that is up, in epoch " + epoch);
        claim.holds(CountedXids.of(health).between(before, after) && health.pendingPages() <= health.retiredPages(), health.toString(),
                "%s to %s".formatted(before, after));
        if (desk.quiet()) {
            int listed = MemoryRegs.Retired.pages(ppu.owner().device().registers().memory().readRetired());
            claim.holds(health.retiredPages() == listed, health.toString(),
                    "the %d pages out of use that the device lists: no bit has turned over since".formatted(listed));
        }
    }

    private void firmwareLog(int epoch) {
        long before = dials.logged();
        FirmwareLog log = ppu.firmwareLog();
        long after = dials.logged();
        long now = ppu.deviceTime();
        if (!judged(epoch) || !desk.epochSafe()) {
            return;
        }
        String seen = "%d of %d to %d records are lost, %d are damaged: %s".formatted(log.lost(), before, after, log.damaged(),
                log.entries());
        claim.holds(log.damaged() == 0 && !log.entries().isEmpty(), seen, "a log that can be read");
        long next = log.lost();
        long nanos = 0;
        for (FirmwareLogEntry entry : log.entries()) {
            claim.holds(entry.sequence() == next && entry.deviceNanos() >= nanos && entry.deviceNanos() <= now && !entry.text().isBlank(),
                    "%s, of which %s".formatted(entry, seen), "record %d, at %d to %d ns".formatted(next, nanos, now));
            next += Math.ceilDiv((long) entry.text().getBytes(StandardCharsets.UTF_8).length, LogRecord.TEXT_BYTES);
            nanos = entry.deviceNanos();
        }
        claim.holds(next >= before && next <= after, seen, "all of %d to %d records".formatted(before, after));
    }

    private void watchdog(int epoch) {
        int cycles = WATCHDOG_CYCLES + step.below(30, WATCHDOG_CYCLES);
        ppu.setWatchdogCycles(cycles);
        long set = dials.watchdogCycles();
        if (judged(epoch)) {
            claim.holds(set == cycles || set == WATCHDOG_CYCLES, "the watchdog is at %d cycles".formatted(set), "at %d".formatted(cycles));
        }
        bench.work(step, bench.stream(step));
    }

    /** Nobody makes a context, and those that there are go on. */
    private void drained() {
        claim.refused(HgResult.DEVICE_UNAVAILABLE, "a context while the device is drained", () -> ppu.createContext().close());
        claim.holds(ppu.health().draining(), "the device is not said to be drained", "that it is");
        bench.work(step, bench.stream(step));
        runtime.sleep(step.below(30, MOST_THOUGHT_NANOS));
        claim.refused(HgResult.DEVICE_UNAVAILABLE, "a context while the device is drained still", () -> ppu.createContext().close());
        claim.holds(!ppu.awaitDrained(SHORTLY) || bench.context().lost(), "the device is said to be without contexts", "that it has one");
        bench.synchronize(bench.stream(step));
    }
}
