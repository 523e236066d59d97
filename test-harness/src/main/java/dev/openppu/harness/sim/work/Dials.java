package dev.openppu.harness.sim.work;

import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.PowerRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.Metric;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What stands in a device's registers, by the names of metrics: written down here once more, so that a wrong register, unit or label of the driver's is seen. */
final class Dials {
    /** The die may get warmer, or colder, between two looks, and an engine begin or end. */
    private static final double KELVIN = 40;
    private static final double WATTS = 450;
    private static final double HERTZ = 1.6e9;

    private final PpuBar0Regs registers;

    Dials(PpuBar0Regs registers) {
        this.registers = registers;
    }

    /** A metric's name and labels. */
    static String key(Metric metric) {
        return metric.name() + metric.labels();
    }

    /**
     * All that is read of a device's own blocks.
     *
     * @param queues whose packets are counted, too
     */
    Map<String, Double> read(Collection<Integer> queues) {
        Map<String, Double> values = new HashMap<>();
        values.put("interrupts_total{}", (double) Integer.toUnsignedLong(registers.interrupts().readSent()));
        values.put("firmware_heartbeats_total{}", (double) Integer.toUnsignedLong(registers.fw().readHeartbeat()));
        values.put("resets_total{}", (double) BootRegs.Resets.count(registers.boot().readResets()));
        values.put("xids_total{}", (double) Integer.toUnsignedLong(registers.errorLog().readTotal()));
        values.put("packets_total{}", (double) registers.perf().readPackets());
        values.put("dma_read_bytes_total{}", (double) registers.perf().readDmaReadBytes());
        values.put("dma_write_bytes_total{}", (double) registers.perf().readDmaWriteBytes());
        values.put("tlb_hits_total{}", (double) registers.perf().readTlbHits());
        values.put("tlb_misses_total{}", (double) registers.perf().readTlbMisses());
        values.put("instructions_total{}", (double) registers.perf().readInstructions());
        values.put("kernels_total{}", (double) Integer.toUnsignedLong(registers.compute().readKernels()));
        for (int engine = 0; engine < PpuBar0Regs.COPY_COUNT; engine++) {
            values.put("copies_total{engine=%d}".formatted(engine), (double) Integer.toUnsignedLong(registers.copy(engine).readFinished()));
            values.put("copy_bytes_total{engine=%d}".formatted(engine), (double) registers.copy(engine).readBytes());
        }
        values.put("ecc_correctable_errors_total{}", (double) registers.memory().readEccTotalCorrectable());
        values.put("ecc_uncorrectable_errors_total{}", (double) registers.memory().readEccTotalUncorrectable());
        values.put("memory_retired_pages{}", (double) MemoryRegs.Retired.pages(registers.memory().readRetired()));
        values.put("memory_retirements_pending{}", (double) MemoryRegs.Retired.pending(registers.memory().readRetired()));
        PowerRegs power = registers.power();
        values.put("temperature_celsius{sensor=ppu}", PowerRegs.Temperature.ppu(power.readTemperature()) / 10.0);
        values.put("temperature_celsius{sensor=memory}", PowerRegs.Temperature.memory(power.readTemperature()) / 10.0);
        values.put("power_draw_watts{}", Integer.toUnsignedLong(power.readDraw()) / 1e3);
        values.put("power_cap_watts{}", (double) PowerRegs.Cap.watts(power.readCap()));
        values.put("clock_hertz{domain=units}", PowerRegs.Clocks.units(power.readClocks()) * 1e6);
        values.put("clock_hertz{domain=memory}", PowerRegs.Clocks.memory(power.readClocks()) * 1e6);
        values.put("energy_joules_total{}", power.readEnergy() / 1e3);
        values.put("throttled_seconds_total{reason=thermal}", power.readThermalViolation() / 1e9);
        values.put("throttled_seconds_total{reason=power}", power.readPowerViolation() / 1e9);
        queues.forEach(
                queue -> values.put("queue_packets_total{queue=%d}".formatted(queue), (double) registers.queue(queue).readReadIndex()));
        return values;
    }

    /** How long a block of a kernel may run, in cycles. */
    long watchdogCycles() {
        return registers.compute().readWatchdog();
    }

    /** Records that the firmware has written to its log since it began. */
    long logged() {
        return Integer.toUnsignedLong(registers.fw().readLogHead());
    }

    /** How far a value may be from the two looks between which it was read: what counts lies between them, up to the last bit of a fraction. */
    static double slack(String key) {
        if (key.startsWith("temperature")) {
            return KELVIN;
        }
        if (key.startsWith("power_draw")) {
            return WATTS;
        }
        return key.startsWith("clock") ? HERTZ : 1e-6;
    }
}
