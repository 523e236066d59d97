package dev.openppu.driver.owner;

import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.CopyEngineRegs;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.PerfRegs;
import dev.openppu.abi.reg.PowerRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.Metric;
import dev.openppu.driver.Metric.Kind;
import dev.openppu.driver.PpuInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads what there is to watch of a device: some dozens of register reads, no side effects on the device. What comes back is what the device says; a watcher must
 * live with nonsense.
 */
final class MetricReader {
    private static final double MILLI = 1e-3;
    private static final double NANO = 1e-9;
    private static final double MEGA = 1e6;
    private static final double TENTH = 0.1;

    private final PpuBar0Regs registers;
    private final PpuInfo info;
    private final List<Metric> metrics = new ArrayList<>();

    private MetricReader(PpuBar0Regs registers, PpuInfo info) {
        this.registers = registers;
        this.info = info;
    }

    static List<Metric> read(PpuBar0Regs registers, PpuInfo info, Inventory inventory, List<Integer> queues) {
        MetricReader reader = new MetricReader(registers, info);
        reader.driver(inventory);
        reader.device();
        if (info.capabilities().perf()) {
            reader.performance();
        }
        if (info.capabilities().copy()) {
            reader.copies();
        }
        if (info.capabilities().compute()) {
            reader.counter("kernels_total", "Kernels finished.", Integer.toUnsignedLong(registers.compute().readKernels()));
        }
        if (info.capabilities().ecc()) {
            reader.ecc();
        }
        if (info.capabilities().power()) {
            reader.power();
        }
        queues.forEach(reader::queue);
        return List.copyOf(reader.metrics);
    }

    private void driver(Inventory inventory) {
        gauge("contexts", "Open contexts.", inventory.contexts());
        gauge("queues", "Hardware queues in use.", inventory.queues());
        gauge("memory_size_bytes", "Device memory.", info.memoryBytes());
        gauge("memory_used_bytes", "Device memory handed out, page tables included.", inventory.deviceBytes());
        gauge("pinned_memory_bytes", "Host memory mapped for the device.", inventory.pinnedBytes());
    }

    private void device() {
        counter("interrupts_total", "MSI-X messages sent, held-back ones not counted.",
                Integer.toUnsignedLong(registers.interrupts().readSent()));
        counter("firmware_heartbeats_total", "Heartbeats of the firmware.", Integer.toUnsignedLong(registers.fw().readHeartbeat()));
        counter("resets_total", "Resets since power-on.", BootRegs.Resets.count(registers.boot().readResets()));
        if (info.capabilities().errorLog()) {
            counter("xids_total", "XID errors that the device logged since power-on.",
                    Integer.toUnsignedLong(registers.errorLog().readTotal()));
        }
    }

    private void performance() {
        PerfRegs perf = registers.perf();
        counter("packets_total", "Packets processed.", unsigned(perf.readPackets()));
        counter("dma_read_bytes_total", "Bytes that the device read from host memory.", unsigned(perf.readDmaReadBytes()));
        counter("dma_write_bytes_total", "Bytes that the device wrote to host memory.", unsigned(perf.readDmaWriteBytes()));
        counter("tlb_hits_total", "Translations found in a TLB.", unsigned(perf.readTlbHits()));
        counter("tlb_misses_total", "Page walks.", unsigned(perf.readTlbMisses()));
        counter("instructions_total", "Warp instructions issued.", unsigned(perf.readInstructions()));
    }

    private void copies() {
        for (int i = 0; i < Math.min(info.copyEngines(), PpuBar0Regs.COPY_COUNT); i++) {
            CopyEngineRegs engine = registers.copy(i);
            Map<String, String> labels = Map.of("engine", String.valueOf(i));
            add("copies_total", "Copies and fills finished.", Kind.COUNTER, labels, Integer.toUnsignedLong(engine.readFinished()));
            add("copy_bytes_total", "Bytes written by copies and fills.", Kind.COUNTER, labels, unsigned(engine.readBytes()));
        }
    }

    private void ecc() {
        MemoryRegs memory = registers.memory();
        counter("ecc_correctable_errors_total", "Memory errors corrected since manufacture.", unsigned(memory.readEccTotalCorrectable()));
        counter("ecc_uncorrectable_errors_total", "Memory errors beyond correction since manufacture.",
                unsigned(memory.readEccTotalUncorrectable()));
        int retired = memory.readRetired();
        gauge("memory_retired_pages", "Pages of 4 KiB retired.", MemoryRegs.Retired.pages(retired));
        gauge("memory_retirements_pending", "Retirements that take effect at the next reset.", MemoryRegs.Retired.pending(retired));
    }

    private void power() {
        PowerRegs power = registers.power();
        int temperature = power.readTemperature();
        labelled("temperature_celsius", "Temperature.", "sensor", "ppu", PowerRegs.Temperature.ppu(temperature) * TENTH);
        labelled("temperature_celsius", "Temperature.", "sensor", "memory", PowerRegs.Temperature.memory(temperature) * TENTH);
        gauge("power_draw_watts", "Power drawn.", Integer.toUnsignedLong(power.readDraw()) * MILLI);
        gauge("power_cap_watts", "Power cap.", PowerRegs.Cap.watts(power.readCap()));
        int clocks = power.readClocks();
        labelled("clock_hertz", "Clock.", "domain", "units", PowerRegs.Clocks.units(clocks) * MEGA);
        labelled("clock_hertz", "Clock.", "domain", "memory", PowerRegs.Clocks.memory(clocks) * MEGA);
        counter("energy_joules_total", "Energy used.", unsigned(power.readEnergy()) * MILLI);
        Map<String, String> thermal = Map.of("reason", "thermal");
        add("throttled_seconds_total", "Time with lowered clocks.", Kind.COUNTER, thermal, unsigned(power.readThermalViolation()) * NANO);
        Map<String, String> cap = Map.of("reason", "power");
        add("throttled_seconds_total", "Time with lowered clocks.", Kind.COUNTER, cap, unsigned(power.readPowerViolation()) * NANO);
    }

    private void queue(int number) {
        add("queue_packets_total", "Packets that a queue has taken since it was opened.", Kind.COUNTER,
                Map.of("queue", String.valueOf(number)), unsigned(registers.queue(number).readReadIndex()));
    }

    /** A counter never goes below zero, whatever a device claims: exporters refuse one that does. */
    private static double unsigned(long value) {
        return value >= 0 ? value : (value >>> 1) * 2.0;
    }

    private void counter(String name, String help, double value) {
        add(name, help, Kind.COUNTER, Map.of(), value);
    }

    private void gauge(String name, String help, double value) {
        add(name, help, Kind.GAUGE, Map.of(), value);
    }

    private void labelled(String name, String help, String label, String text, double value) {
        add(name, help, Kind.GAUGE, Map.of(label, text), value);
    }

    private void add(String name, String help, Kind kind, Map<String, String> labels, double value) {
        metrics.add(new Metric(name, help, kind, labels, value));
    }
}
