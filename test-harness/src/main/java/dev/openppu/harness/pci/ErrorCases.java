package dev.openppu.harness.pci;

import dev.openppu.hal.Observable;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Aer;
import dev.openppu.hal.pci.PciRegister.Express;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.pci.ConfigMap.Structure;
import java.util.List;

/** Errors that a host can make happen by itself, requests that the function does not support, and how they are logged. */
final class ErrorCases {
    private static final int UR = Aer.UNSUPPORTED_REQUEST;
    private static final int DETECTED = Express.CORRECTABLE_ERROR_DETECTED | Express.NON_FATAL_ERROR_DETECTED | Express.FATAL_ERROR_DETECTED
            | Express.UNSUPPORTED_REQUEST_DETECTED;
    private static final int ADVISORY = Express.CORRECTABLE_ERROR_DETECTED | Express.UNSUPPORTED_REQUEST_DETECTED;
    private static final int NON_FATAL = Express.NON_FATAL_ERROR_DETECTED | Express.UNSUPPORTED_REQUEST_DETECTED;
    private static final int FATAL = Express.FATAL_ERROR_DETECTED | Express.UNSUPPORTED_REQUEST_DETECTED;
    private static final int NOWHERE = 0;

    private ErrorCases() {}

    static List<Case> cases() {
        return List.of(
                logged("read", "A refused read", "6.2.3.2.4.1",
                        "A refused non-posted request of non-fatal severity is logged as Unsupported Request and reported as an advisory, correctable one",
                        bench -> expect(bench, 0, false, Aer.ADVISORY_NON_FATAL, ADVISORY)),
                logged("write", "A refused write", "6.2.3.2.4", "A refused posted request of non-fatal severity is a non-fatal error",
                        bench -> expect(bench, 0, true, 0, NON_FATAL)),
                logged("fatal", "A refused read of fatal severity", "6.2.3.2.4.1",
                        "With its severity set to fatal a refused request is a fatal error, never an advisory one",
                        bench -> expect(bench, UR, false, 0, FATAL)),
                logged("masked", "A masked error", "7.8.4.3",
                        "A masked error sets its status bit, and is not recorded in the First Error Pointer",
                        ErrorCases::masked),
                logged("clears", "Clearing the log", "7.8.4.2",
                        "A status bit stays until a one is written to it; the next error after that is logged again",
                        ErrorCases::clears),
                logged("sticky", "The log survives a function-level reset", "7.4",
                        "Status, mask and severity are sticky: a function-level reset leaves them; what is not sticky is lost",
                        ErrorCases::sticky));
    }

    private static Case logged(String id, String title, String clause, String rule, Case.Body body) {
        return Case.of("pci.error." + id, title, Rule.pcie(clause, rule), bench -> {
            try {
                body.run(bench);
            } finally {
                Log.of(bench).clear();
                bench.function().restore();
            }
        }).needing(Observable.RAW_CONFIG_SPACE);
    }

    private static void expect(Bench bench, int severity, boolean write, int correctable, int detected) {
        Log log = Log.of(bench);
        log.clear();
        log.severity(severity);
        log.refuse(write);
        Check.hex("Uncorrectable Error Status", UR, log.uncorrectable());
        Check.equal("First Error Pointer", Aer.UNSUPPORTED_REQUEST_BIT, log.firstError());
        Check.hex("Correctable Error Status", correctable, log.correctable());
        Check.hex("error bits of Device Status", detected, log.detected());
    }

    private static void masked(Bench bench) {
        Log log = Log.of(bench);
        log.clear();
        log.mask(UR);
        log.refuse(true);
        Check.hex("Uncorrectable Error Status", UR, log.uncorrectable());
        Check.that(log.firstError() != Aer.UNSUPPORTED_REQUEST_BIT, "a First Error Pointer that does not name a masked error", "it does");
    }

    private static void clears(Bench bench) {
        Log log = Log.of(bench);
        log.clear();
        log.refuse(true);
        log.writeStatus(0);
        log.writeStatus(~UR);
        Check.hex("Uncorrectable Error Status after ones to all other bits", UR, log.uncorrectable());
        log.writeStatus(UR);
        Check.hex("Uncorrectable Error Status after a one", 0, log.uncorrectable());
        log.refuse(false);
        Check.hex("Uncorrectable Error Status after another one", UR, log.uncorrectable());
    }

    private static void sticky(Bench bench) {
        bench.function().requireReset(ResetKind.FUNCTION_LEVEL);
        Log log = Log.of(bench);
        log.clear();
        log.severity(UR);
        log.mask(UR);
        log.refuse(true);
        bench.function().reset(ResetKind.FUNCTION_LEVEL);
        Check.hex("Uncorrectable Error Status after the reset", UR, log.uncorrectable());
        Check.hex("Uncorrectable Error Mask after the reset", UR, log.mask() & UR);
        Check.hex("Uncorrectable Error Severity after the reset", UR, log.severity() & UR);
        Check.hex("error bits of Device Status after the reset", 0, log.detected());
    }

    /** Where the function notes errors. */
    private record Log(Bench bench, ConfigSpace config, int aer, int express) {
        static Log of(Bench bench) {
            ConfigSpace config = bench.link().config();
            int aer = Structure.AER.offset(config).orElseThrow(() -> new SkippedException("the function has no advanced error reporting"));
            int express = Structure.EXPRESS.offset(config).orElse(NOWHERE);
            return new Log(bench, config, aer, express);
        }

        /** Nothing logged, nothing masked, Unsupported Request not fatal. */
        void clear() {
            writeStatus(-1);
            config.write32(aer + Aer.CORRECTABLE_STATUS, -1);
            config.write16(express + Express.DEVICE_STATUS, DETECTED);
            severity(0);
            mask(0);
        }

        void writeStatus(int value) {
            config.write32(aer + Aer.UNCORRECTABLE_STATUS, value);
        }

        void severity(int bits) {
            config.write32(aer + Aer.UNCORRECTABLE_SEVERITY, severity() & ~UR | bits);
        }

        int severity() {
            return config.read32(aer + Aer.UNCORRECTABLE_SEVERITY);
        }

        void mask(int bits) {
            config.write32(aer + Aer.UNCORRECTABLE_MASK, mask() & ~UR | bits);
        }

        int mask() {
            return config.read32(aer + Aer.UNCORRECTABLE_MASK);
        }

        int uncorrectable() {
            return config.read32(aer + Aer.UNCORRECTABLE_STATUS);
        }

        int correctable() {
            return config.read32(aer + Aer.CORRECTABLE_STATUS);
        }

        int firstError() {
            return config.read32(aer + Aer.CAPABILITIES_CONTROL) & Aer.FIRST_ERROR_POINTER_MASK;
        }

        int detected() {
            return config.read16(express + Express.DEVICE_STATUS) & DETECTED;
        }

        /** A request that no BAR answers: decoding is off meanwhile. */
        void refuse(boolean write) {
            bench.registers();
            bench.function().decoding(false);
            if (write) {
                bench.registers().id().writeTest(0);
                config.read32(0); // pushes it ahead
            } else {
                bench.registers().id().readTest();
            }
            bench.function().decoding(true);
        }
    }
}
