package dev.openppu.harness.bringup;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.driver.Ppu;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MappedRegister;
import java.util.Optional;

/** Which blocks of BAR0 are there, by {@code id.capabilities}. */
final class Presence {
    private static final Optional<String> FEWER = Optional.of("id.counts says that the device has fewer of them");

    /** More than any block of a suite's kernels takes, many times over. */
    private static final long ENDLESS_CYCLES = 10_000_000;

    private Presence() {}

    static boolean present(Bench bench, String block) {
        int capabilities = bench.registers().id().readCapabilities();
        return switch (block) {
            case "queue" -> IdRegs.Capabilities.queues(capabilities);
            case "copy" -> IdRegs.Capabilities.copy(capabilities);
            case "compute", "engine" -> IdRegs.Capabilities.compute(capabilities);
            case "mmu", "context" -> IdRegs.Capabilities.mmu(capabilities);
            case "icn" -> IdRegs.Capabilities.icn(capabilities);
            case "scrub" -> IdRegs.Capabilities.scrub(capabilities);
            case "retirement" -> IdRegs.Capabilities.ecc(capabilities);
            case "flash" -> IdRegs.Capabilities.flash(capabilities);
            case "power" -> IdRegs.Capabilities.power(capabilities);
            case "perf" -> IdRegs.Capabilities.perf(capabilities);
            case "error_log" -> IdRegs.Capabilities.errorLog(capabilities);
            default -> true;
        };
    }

    /** Why a register of the PPU's is absent from this device, or empty if it is there. */
    static Optional<String> absent(Bench bench, int bar, String path) {
        IdRegs id = bench.registers().id();
        if (bar != PpuIds.BAR_REGISTERS) {
            return element(id, path) ? Optional.empty() : FEWER;
        }
        String block = path.contains(".") ? path.substring(0, path.indexOf('.')).replaceFirst("\\[.*", "") : path;
        if (!present(bench, block) || !ofCapability(path, id.readCapabilities())) {
            return Optional.of("id.capabilities says that it is absent");
        }
        return element(id, path) ? Optional.empty() : FEWER;
    }

    /**
     * Whether a register of a block that is there is there itself: of the memory block some belong to a capability of their own, and of queues, contexts and the like the device may have fewer
     * (docs/device.md, section 2).
     */
    static boolean present(Bench bench, MappedRegister register) {
        IdRegs id = bench.registers().id();
        return ofCapability(register.path(), id.readCapabilities()) && element(id, register.path());
    }

    private static boolean ofCapability(String path, int capabilities) {
        if (path.startsWith("memory.ecc_") || path.startsWith("memory.retired")) {
            return IdRegs.Capabilities.ecc(capabilities);
        }
        return !path.startsWith("memory.scrub") || IdRegs.Capabilities.scrub(capabilities);
    }

    /** Whether it is within the device's count, if it is one of an array that has a count. */
    private static boolean element(IdRegs id, String path) {
        int bracket = path.indexOf('[');
        if (bracket < 0) {
            return true;
        }
        int index = Integer.parseInt(path.substring(bracket + 1, path.indexOf(']')));
        return switch (path.substring(0, bracket)) {
            case "queue" -> index < IdRegs.Counts.queues(id.readCounts());
            case "copy" -> index < IdRegs.Counts.copyEngines(id.readCounts());
            case "icn" -> index < IdRegs.Counts.icnLinks(id.readCounts());
            case "engine" -> index < IdRegs.ComputeCounts.engines(id.readComputeCounts());
            case "vector" -> index < IdRegs.Counts.vectors(id.readCounts());
            case "context" -> index < IdRegs.MmuCounts.contexts(id.readMmuCounts());
            default -> true;
        };
    }

    /** The device as the driver brings it up, if it has compute units. A kernel of it that does not come to its end is ended: its case fails, and the next one goes on. */
    static Ppu computing(Bench bench) {
        Ppu ppu = bench.ppu();
        if (!ppu.info().capabilities().compute()) {
            throw new SkippedException("id.capabilities says that there are no compute units");
        }
        ppu.setWatchdogCycles(ENDLESS_CYCLES);
        return ppu;
    }

    static void require(Bench bench, String block) {
        if (!present(bench, block)) {
            throw new SkippedException("id.capabilities says that the block is absent");
        }
    }
}
