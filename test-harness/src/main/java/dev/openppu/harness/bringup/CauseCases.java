package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.InterruptsRegs.Raw;
import dev.openppu.hal.Observable;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bench.Bench;
import java.util.ArrayList;
import java.util.List;

/** The device's own causes, which share vector 0: each made to happen, then masked, shared, repeated, and taken back for nothing. Many at once: {@link StormCases}. */
final class CauseCases {
    private static final int ALL = -1;
    private static final int BOTH = Raw.ERROR_MASK | Raw.ENGINE_RESET_MASK;
    private static final int SPURIOUS_ROUNDS = 16;
    static final Rule LEVEL = Rule.guide(2,
            "A cause sets its bit of raw; a message goes out whenever a bit of status, which is raw and enable, goes from 0 to 1; ones clear raw");

    private CauseCases() {}

    static Stage stage(SuiteSettings settings) {
        List<Case> cases = new ArrayList<>();
        for (Cause cause : Cause.values()) {
            cases.add(Case.of("interrupts.cause." + cause.id(),
                    "Cause " + cause.id() + ": raised, masked, enabled, cleared, raised again", LEVEL, bench -> each(bench, cause)));
        }
        cases.addAll(List.of(
                Case.of("interrupts.shared", "Two causes on vector 0", LEVEL, CauseCases::shared),
                Case.of("interrupts.enable-at-once", "Two causes enabled while they are raised", LEVEL, CauseCases::enabledAtOnce),
                Case.of("interrupts.raw-bits", "Clearing raw, bit by bit",
                        Rule.map("interrupts.raw: ones clear, zeros and other bits do not"),
                        CauseCases::rawBits),
                Case.of("interrupts.spurious", "Taking back what never came",
                        Rule.map("Ones to raw without a cause, and writes to status, change nothing and send nothing"),
                        CauseCases::spurious)));
        cases.addAll(StormCases.cases(settings));
        cases.addAll(List.of(
                Case.of("interrupts.no-vector", "Vectors that there are not",
                        Rule.guide(2, "A message for a vector that the device does not have is not sent, and nothing else happens"),
                        CauseCases::noVector),
                Case.of("interrupts.masked-cause", "Causes while vector 0 is masked",
                        Rule.pcie("7.7.2.9", "What rises while vector 0 is masked is one message once it is unmasked"),
                        CauseCases::maskedCause)
                        .needing(Observable.MSIX_MASKING)));
        return new Stage("causes", "Causes of vector 0", cases);
    }

    private static void each(Bench bench, Cause cause) {
        cause.require(bench);
        try (CauseLine line = cause == Cause.BOOT ? CauseLine.inRom(bench) : CauseLine.of(bench)) {
            long before = line.delivered();
            cause.provoke(bench);
            line.awaitRaw(cause);
            line.messages.settle();
            Check.hex("interrupts.status of a cause that is not enabled", 0, line.registers.readStatus());
            Check.equal("messages of a cause that is not enabled", before, line.delivered());
            line.enable(cause.bit());
            line.await(before + 1);
            Check.hex("interrupts.status", cause.bit(), line.registers.readStatus());
            line.messages.settle();
            Check.equal("messages once it is enabled", before + 1, line.delivered());
            line.clear(cause.bit());
            Check.hex("interrupts.status after a one to raw", 0, line.registers.readStatus());
            cause.provoke(bench);
            line.awaitRaw(cause);
            line.await(before + 2);
        }
    }

    // ---------------------------------------------------------------- several at a time

    private static void shared(Bench bench) {
        try (CauseLine line = CauseLine.of(bench)) {
            line.enable(BOTH);
            long before = line.delivered();
            Cause.ERROR.provoke(bench);
            line.await(before + 1);
            Cause.ENGINE_RESET.provoke(bench);
            line.await(before + 2);
            Check.hex("interrupts.status", BOTH, line.registers.readStatus());
            Cause.ERROR.provoke(bench);
            line.messages.settle();
            Check.equal("messages after a cause that is still raised has come again", before + 2, line.delivered());
            line.clear(Raw.ERROR_MASK);
            Check.hex("interrupts.status after one of two was cleared", Raw.ENGINE_RESET_MASK, line.registers.readStatus());
            Cause.ERROR.provoke(bench);
            line.await(before + 3);
            line.clear(BOTH);
            Check.hex("interrupts.status after both were cleared", 0, line.registers.readStatus());
        }
    }

    private static void enabledAtOnce(Bench bench) {
        try (CauseLine line = CauseLine.of(bench)) {
            long before = line.delivered();
            Cause.ERROR.provoke(bench);
            Cause.ENGINE_RESET.provoke(bench);
            line.enable(BOTH);
            line.await(before + 1);
            line.messages.settle();
            Check.equal("messages for two that are enabled at once", before + 1, line.delivered());
            line.enable(0);
            Check.hex("interrupts.status with nothing enabled", 0, line.registers.readStatus());
            Check.hex("interrupts.raw with nothing enabled", BOTH, line.registers.readRaw() & BOTH);
            line.enable(Raw.ERROR_MASK);
            line.await(before + 2);
            line.enable(BOTH);
            line.await(before + 3);
        }
    }

    private static void rawBits(Bench bench) {
        try (CauseLine line = CauseLine.of(bench)) {
            Cause.ERROR.provoke(bench);
            Cause.ENGINE_RESET.provoke(bench);
            line.clear(0);
            Check.hex("interrupts.raw after a write of 0", BOTH, line.registers.readRaw() & BOTH);
            line.clear(ALL & ~BOTH);
            Check.hex("interrupts.raw after ones to all other bits", BOTH, line.registers.readRaw() & BOTH);
            line.clear(Raw.ENGINE_RESET_MASK);
            Check.hex("interrupts.raw after a one to engine_reset", Raw.ERROR_MASK, line.registers.readRaw() & BOTH);
        }
    }

    private static void spurious(Bench bench) {
        try (CauseLine line = CauseLine.of(bench)) {
            line.enable(Raw.ERROR_MASK | Raw.QUEUE_ERROR_MASK | Raw.ENGINE_RESET_MASK);
            long before = line.delivered();
            int sent = line.registers.readSent();
            for (int i = 0; i < SPURIOUS_ROUNDS; i++) {
                line.clear(ALL);
                line.clear(0);
                bench.forbidden().writeInterruptStatus(i % 2 == 0 ? ALL : 0);
                Check.hex("interrupts.status after ones for nothing", 0, line.registers.readStatus());
            }
            line.messages.settle();
            Check.equal("messages for nothing", before, line.delivered());
            Check.equal("interrupts.sent", sent, line.registers.readSent());
            Cause.ERROR.provoke(bench);
            line.await(before + 1);
        }
    }

    private static void noVector(Bench bench) {
        try (CauseLine line = CauseLine.of(bench)) {
            int sent = line.registers.readSent();
            long[] before = line.messages.delivered();
            for (int vector : new int[]{line.messages.vectors(), line.messages.vectors() + 1, 0xFFF}) {
                line.messages.fire(vector);
                line.messages.settle();
                Check.equal("interrupts.sent after vector " + vector, sent, line.registers.readSent());
            }
            for (int vector = 0; vector < before.length; vector++) {
                Check.equal("messages on vector " + vector, before[vector], bench.link().interrupts().delivered(vector));
            }
            line.messages.fire(1);
            line.messages.await(1, before[1] + 1);
        }
    }

    private static void maskedCause(Bench bench) {
        try (CauseLine line = CauseLine.of(bench)) {
            line.enable(Raw.ERROR_MASK);
            long before = line.delivered();
            bench.link().interrupts().mask(0);
            try {
                for (int i = 0; i < SPURIOUS_ROUNDS; i++) {
                    Cause.ERROR.provoke(bench);
                    line.clear(Raw.ERROR_MASK);
                }
                line.messages.settle();
                Check.equal("pending bit of vector 0", true, bench.link().interrupts().pending(0));
                Check.equal("messages while vector 0 is masked", before, line.delivered());
            } finally {
                bench.link().interrupts().unmask(0);
            }
            line.await(before + 1);
            line.messages.settle();
            Check.equal("messages once it is unmasked", before + 1, line.delivered());
        }
    }
}
