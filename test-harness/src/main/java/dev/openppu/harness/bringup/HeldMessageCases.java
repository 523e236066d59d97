package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.InterruptsRegs.Moderation;
import dev.openppu.abi.reg.InterruptsRegs.Raw;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.harness.Case;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.Messages;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.List;
import java.util.function.LongSupplier;

/** What becomes of a message that moderation holds back, and of those behind it, when the device is told something else meanwhile. */
final class HeldMessageCases {
    /** Micros of interrupts.moderation and queue.binding have 16 bits. */
    private static final int LONGEST_MICROS = 0xffff;
    private static final long LONGEST_NANOS = LONGEST_MICROS * 1_000L;
    /** A machine that is busy may look too late, but not every time. */
    private static final int ATTEMPTS = 5;
    private static final int OLD = 1;
    private static final int NEW = 2;
    private static final RawQueue.Settings HOLDING = RawQueue.Settings.of(4).withVector(OLD).withModeration(LONGEST_MICROS);
    private static final Rule ANEW = Rule.guide(2, "A reset forgets what moderation holds back: the next message is held back by nothing");

    private HeldMessageCases() {}

    static List<Case> cases() {
        return List.of(
                Case.of("interrupts.moderation.off-at-once", "A cause behind a message, moderation turned off between them",
                        Rule.map("interrupts.moderation.micros: 0 is off"), HeldMessageCases::off),
                Case.of("interrupts.moderation.after-reset", "A cause after a reset that came while a message was held back", ANEW,
                        HeldMessageCases::afterReset),
                Case.of("interrupts.queue.moderation-off", "A queue enabled again without moderation, right behind a message",
                        Rule.map("queue.binding.moderation: 0 is off"), HeldMessageCases::queueOff),
                Case.of("interrupts.queue.held-moved", "A queue given another vector while a message is held back",
                        Rule.guide(5, "A message that is held back goes to the vector of the completion that came last"),
                        HeldMessageCases::moved),
                Case.of("interrupts.queue.held-reset", "A queue after a reset that came while its message was held back", ANEW,
                        HeldMessageCases::queueAfterReset));
    }

    // ---------------------------------------------------------------- vector 0

    private static void off(Bench bench) {
        try (CauseLine line = CauseLine.of(bench)) {
            line.enable(Raw.ERROR_MASK);
            expectBefore(bench, "the message of a cause after moderation was turned off", () -> {
                line.registers.writeModeration(Moderation.withMicros(0, LONGEST_MICROS));
                long begun = bench.link().runtime().nanos();
                event(bench, line);
                line.registers.writeModeration(0);
                event(bench, line);
                return begun;
            });
        }
    }

    /** A cause, its message, and the cause taken back. */
    private static void event(Bench bench, CauseLine line) {
        long before = line.delivered();
        Cause.ERROR.provoke(bench);
        line.await(before + 1);
        line.clear(Raw.ERROR_MASK);
    }

    private static void afterReset(Bench bench) {
        try (CauseLine line = CauseLine.of(bench)) {
            line.registers.writeModeration(Moderation.withMicros(0, LONGEST_MICROS));
            line.enable(Raw.ERROR_MASK);
            event(bench, line);
            Cause.ERROR.provoke(bench);
        }
        bench.function().resetMildly();
        try (CauseLine line = CauseLine.of(bench)) {
            line.enable(Raw.ERROR_MASK);
            event(bench, line);
        }
    }

    /**
     * Fails if every attempt takes longer than the longest moderation.
     *
     * @param attempt two messages, the second of which nothing may hold back; returns when it began, before the first
     */
    private static void expectBefore(Bench bench, String what, LongSupplier attempt) {
        LinkRuntime runtime = bench.link().runtime();
        long taken = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
            long begun = attempt.getAsLong();
            taken = runtime.nanos() - begun;
            if (taken < LONGEST_NANOS) {
                return;
            }
        }
        throw new CheckFailedException(
                what + " within %.1f ms of the one before, in one of %d attempts".formatted(LONGEST_NANOS / 1e6, ATTEMPTS),
                "%.1f ms".formatted(taken / 1e6));
    }

    // ---------------------------------------------------------------- queues

    /** A queue with the longest moderation, which has just sent a message. */
    private static RawQueue holding(Bench bench, Workshop shop) {
        return told(bench, shop, shop.queue(HOLDING));
    }

    private static RawQueue told(Bench bench, Workshop shop, RawQueue queue) {
        Messages messages = new Messages(bench);
        long before = bench.link().interrupts().delivered(OLD);
        ModerationCases.complete(shop, queue);
        messages.await(OLD, before + 1);
        return queue;
    }

    private static void queueOff(Bench bench) {
        try (Workshop shop = ModerationCases.shop(bench)) {
            expectBefore(bench, "the message of a queue that has no moderation any more", () -> {
                long begun = bench.link().runtime().nanos();
                RawQueue queue = holding(bench, shop);
                queue.disable();
                queue.empty();
                queue.registers().writeBinding(QueueRegs.Binding.withModeration(queue.registers().readBinding(), 0));
                queue.enable();
                told(bench, shop, queue);
                return begun;
            });
        }
    }

    private static void moved(Bench bench) {
        try (Workshop shop = ModerationCases.shop(bench)) {
            Interrupts interrupts = bench.link().interrupts();
            RawQueue queue = holding(bench, shop);
            ModerationCases.complete(shop, queue);
            queue.disable();
            queue.empty();
            queue.registers().writeControl(QueueRegs.Control.withVector(queue.registers().readControl(), NEW));
            queue.enable();
            long before = interrupts.delivered(NEW);
            ModerationCases.complete(shop, queue);
            new Messages(bench).await(NEW, before + 1);
        }
    }

    private static void queueAfterReset(Bench bench) {
        int number;
        try (Workshop shop = ModerationCases.shop(bench)) {
            RawQueue queue = holding(bench, shop);
            ModerationCases.complete(shop, queue);
            number = queue.number();
        }
        bench.function().resetMildly();
        try (Workshop shop = ModerationCases.shop(bench)) {
            told(bench, shop, shop.queue(number, RawQueue.Settings.of(4).withVector(OLD)));
        }
    }
}
