package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.reg.InterruptsRegs.Raw;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.Workshop;
import java.util.List;

/** Many events and many messages: none too many, none lost, and the device goes on. */
final class StormCases {
    private static final int STORM = 256;
    private static final int LONG_STORM = 20_000;
    private static final int ROUNDS = 16;
    private static final int NONE = AqlHeader.SCOPE_NONE;

    private StormCases() {}

    static List<Case> cases(SuiteSettings settings) {
        int events = settings.thorough() ? LONG_STORM : STORM;
        return List.of(
                Case.of("interrupts.storm.unanswered", "Many events that nobody answers", CauseCases.LEVEL,
                        bench -> unanswered(bench, events)),
                Case.of("interrupts.storm.answered", "Many events, each answered", CauseCases.LEVEL, bench -> answered(bench, events)),
                Case.of("interrupts.storm.forced", "Many messages on all vectors",
                        Rule.map("interrupts.force sends one message for each write, and interrupts.sent counts it"), StormCases::forced));
    }

    private static void unanswered(Bench bench, int events) {
        Cause.ERROR.require(bench);
        try (CauseLine line = CauseLine.of(bench)) {
            line.enable(Raw.ERROR_MASK);
            long before = line.delivered();
            for (int i = 0; i < events; i++) {
                bench.forbidden().readReserved();
            }
            line.await(before + 1);
            awaitQuiet(bench, line);
            Check.equal("messages for %d events that nobody answered".formatted(events), before + 1, line.delivered());
        }
        stillWorks(bench);
    }

    /** Waits until the firmware has logged what there is to log. */
    private static void awaitQuiet(Bench bench, CauseLine line) {
        int logged;
        do {
            logged = FaultLog.total(bench);
            line.messages.settle();
        } while (FaultLog.total(bench) != logged);
    }

    private static void answered(Bench bench, int events) {
        try (CauseLine line = CauseLine.of(bench)) {
            line.enable(Raw.ERROR_MASK);
            long before = line.delivered();
            int sent = line.registers.readSent();
            for (int i = 0; i < events; i++) {
                Cause.ERROR.provoke(bench);
                line.clear(Raw.ERROR_MASK);
            }
            line.await(before + events);
            line.messages.settle();
            Check.equal("messages for %d events, each answered".formatted(events), before + events, line.delivered());
            Check.equal("interrupts.sent since", events, line.registers.readSent() - sent);
        }
        stillWorks(bench);
    }

    private static void stillWorks(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, 4096);
            long signal = shop.signal(1);
            shop.queue().submit(FillPacket.word(false, NONE, NONE),
                    (ring, at) -> FillPacket.encode(ring, at, 4, 0, Workshop.HOST, 1, signal));
            shop.await(signal);
        }
    }

    private static void forced(Bench bench) {
        try (CauseLine line = CauseLine.of(bench)) {
            int vectors = line.messages.vectors();
            long[] before = line.messages.delivered();
            int sent = line.registers.readSent();
            for (int round = 0; round < ROUNDS; round++) {
                for (int vector = 0; vector < vectors; vector++) {
                    line.messages.fire(vector);
                }
            }
            for (int vector = 0; vector < vectors; vector++) {
                line.messages.await(vector, before[vector] + ROUNDS);
            }
            line.messages.settle();
            for (int vector = 0; vector < vectors; vector++) {
                Check.equal("messages on vector " + vector, before[vector] + ROUNDS, bench.link().interrupts().delivered(vector));
            }
            Check.equal("interrupts.sent since", vectors * ROUNDS, line.registers.readSent() - sent);
        }
    }
}
