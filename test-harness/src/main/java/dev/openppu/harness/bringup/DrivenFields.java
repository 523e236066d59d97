package dev.openppu.harness.bringup;

import dev.openppu.harness.bench.MappedRegister;
import dev.openppu.rdl.model.Field;
import java.util.Map;
import java.util.Optional;

/**
 * Fields whose value after a reset is the hardware's business, each with the reason: their reset values cannot be compared. Everything else must read as the
 * map says.
 */
public final class DrivenFields {
    private static final String RUNS = "runs";
    private static final String KEPT = "survives power-off";
    private static final String MEASURED = "measured";

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("id.capabilities", "set by the profile"),
            Map.entry("id.counts", "set by the profile"),
            Map.entry("id.compute_counts", "set by the profile"),
            Map.entry("id.mmu_counts", "set by the profile"),
            Map.entry("id.serial", "set by the profile"),
            Map.entry("id.product", "set by the profile"),
            Map.entry("boot.status", "the ROM is on its way"),
            Map.entry("boot.security_version", KEPT),
            Map.entry("boot.keys", "set by the profile"),
            Map.entry("boot.resets", "counts resets"),
            Map.entry("interrupts.raw", "the ROM's progress is a cause"),
            Map.entry("memory.size", "set by the profile"),
            Map.entry("memory.reserved", "set by the profile"),
            Map.entry("memory.retired", KEPT),
            Map.entry("memory.ecc_control", "set by the profile"),
            Map.entry("memory.ecc_total_correctable", KEPT),
            Map.entry("memory.ecc_total_uncorrectable", KEPT),
            Map.entry("retirement.entry", KEPT),
            Map.entry("flash.status", KEPT),
            Map.entry("flash.a_version", KEPT),
            Map.entry("flash.b_version", KEPT),
            Map.entry("flash.slot_size", "set by the profile"),
            Map.entry("timer.now", RUNS),
            Map.entry("engine.status", "set by the profile"),
            Map.entry("error_log.total", "the cases before may have caused errors"),
            Map.entry("error_log.entry.xid", "the cases before may have caused errors"),
            Map.entry("error_log.entry.source", "the cases before may have caused errors"),
            Map.entry("error_log.entry.address", "the cases before may have caused errors"),
            Map.entry("error_log.entry.time", "the cases before may have caused errors"),
            Map.entry("power.temperature", MEASURED),
            Map.entry("power.draw", MEASURED),
            Map.entry("power.cap_range", "set by the profile"),
            Map.entry("power.thresholds", "set by the profile"),
            Map.entry("power.performance", MEASURED),
            Map.entry("power.energy", MEASURED),
            Map.entry("power.thermal_violation", MEASURED),
            Map.entry("power.power_violation", MEASURED),
            Map.entry("power.clocks", MEASURED),
            Map.entry("power.throttle", MEASURED),
            Map.entry("icn.status", "the link's partner decides"));

    private DrivenFields() {}

    /** Whether the hardware may have driven the field before software looks. */
    static boolean driven(MappedRegister register, Field field) {
        return field.hw().canWrite() && REASONS.containsKey(withoutIndices(register.path()));
    }

    /** Whether the hardware may change the register between two looks of software's. */
    static boolean moving(MappedRegister register) {
        String reason = REASONS.getOrDefault(withoutIndices(register.path()), "");
        return reason.equals(RUNS) || reason.equals(MEASURED);
    }

    /** Why the register of one device, or of one run, is not that of another; empty if it is. */
    public static Optional<String> apart(MappedRegister register) {
        String reason = REASONS.getOrDefault(withoutIndices(register.path()), "");
        if (register.path().equals("fw.heartbeat")) {
            return Optional.of("counts beats");
        }
        boolean own = register.path().equals("id.serial");
        boolean kept = reason.equals(KEPT) || reason.equals("counts resets");
        return own || kept || moving(register) ? Optional.of(own ? "tells devices apart" : reason) : Optional.empty();
    }

    static String withoutIndices(String path) {
        return path.replaceAll("\\[[0-9]+\\]", "");
    }
}
