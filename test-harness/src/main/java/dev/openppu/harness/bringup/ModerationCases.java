package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.reg.InterruptsRegs.Moderation;
import dev.openppu.abi.reg.InterruptsRegs.Raw;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Observable;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.Messages;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How many messages become of many events, on vector 0 and on the vectors of queues: never too many, and never none after the last. */
final class ModerationCases {
    private static final int MICROS = 1_000;
    private static final long NANOS = MICROS * 1_000L;
    private static final int LONG_MICROS = 50_000;
    private static final int EVENTS = 50;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    private static final int PAGE = 4096;
    private static final Rule CAUSES = Rule.map("interrupts.moderation: a later cause is held back, never lost");
    private static final Rule QUEUES = Rule.guide(5,
            "Within binding.moderation microseconds after a message a later one is held back and sent, once, when the time is over");
    private static final Rule ONE = Rule.guide(5, "The queue's interrupt follows completion signals, on the queue's vector and no other");

    private ModerationCases() {}

    static Stage stage(SuiteSettings settings) {
        List<Case> cases = new ArrayList<>(List.of(
                Case.of("interrupts.moderation.burst", "A burst of causes", CAUSES, ModerationCases::burst),
                Case.of("interrupts.moderation.turned-off", "Moderation turned off while a message is held back", CAUSES,
                        ModerationCases::turnedOff),
                Case.of("interrupts.moderation.masked", "A message held back on a masked vector", CAUSES, ModerationCases::masked)
                        .needing(Observable.MSIX_MASKING),
                Case.of("interrupts.moderation.reset", "A reset while a message is held back",
                        Rule.map("A reset clears enable and moderation, and nothing of before it is sent"), ModerationCases::reset),
                Case.of("interrupts.queue.vectors", "Every vector as a queue's", ONE, bench -> vectors(bench, settings)),
                Case.of("interrupts.queue.off", "A queue without interrupts", ONE, ModerationCases::off),
                Case.of("interrupts.queue.no-signal", "Packets without a completion signal",
                        Rule.guide(5, "Packets without a completion signal send no message"), ModerationCases::noSignal),
                Case.of("interrupts.queue.shared", "Two queues on one vector", ONE, ModerationCases::sharedVector),
                Case.of("interrupts.queue.no-vector", "A queue whose vector there is not",
                        Rule.guide(2, "A message for a vector that the device does not have is not sent, and nothing else happens"),
                        ModerationCases::noVector),
                Case.of("interrupts.queue.masked", "Completions while the vector is masked",
                        Rule.pcie("7.7.2.9", "Completions while the vector is masked are one message once it is unmasked"),
                        ModerationCases::maskedQueue)
                        .needing(Observable.MSIX_MASKING),
                Case.of("interrupts.queue.moderation", "A burst of completions", QUEUES, ModerationCases::queueBurst)));
        cases.addAll(HeldMessageCases.cases());
        return new Stage("moderation", "Moderation and the interrupts of queues", cases);
    }

    // ---------------------------------------------------------------- vector 0

    private static void event(Bench bench) {
        Cause.ERROR.provoke(bench);
    }

    private static void burst(Bench bench) {
        try (CauseLine line = moderated(bench, MICROS)) {
            LinkRuntime runtime = bench.link().runtime();
            long before = line.delivered();
            long begun = runtime.nanos();
            for (int i = 0; i < EVENTS; i++) {
                event(bench);
                line.clear(Raw.ERROR_MASK);
                runtime.sleep(NANOS / 10);
            }
            runtime.sleep(3 * NANOS);
            line.messages.settle();
            atMost(line.delivered() - before, runtime.nanos() - begun);
            Check.that(line.delivered() - before >= 2, "a first message and one after it", line.delivered() - before + " messages");
            for (int i = 0; i < EVENTS; i++) {
                pair(bench, line);
            }
        }
    }

    /** The second of two events close to each other, after a time without any, has its message like the first. */
    private static void pair(Bench bench, CauseLine line) {
        bench.link().runtime().sleep(2 * NANOS);
        long first = two(bench, line);
        line.await(first + 1);
        line.clear(Raw.ERROR_MASK);
    }

    /** Two events, the second right behind the message of the first. Returns how many messages there were with that one. */
    private static long two(Bench bench, CauseLine line) {
        long first = line.delivered() + 1;
        event(bench);
        line.await(first);
        line.clear(Raw.ERROR_MASK);
        event(bench);
        return first;
    }

    private static void atMost(long messages, long nanos) {
        long most = nanos / NANOS + 2;
        Check.that(messages <= most, "at most %d messages in %.1f ms with a moderation of 1 ms".formatted(most, nanos / 1e6),
                messages + " messages");
    }

    private static CauseLine moderated(Bench bench, int micros) {
        CauseLine line = CauseLine.of(bench);
        line.registers.writeModeration(Moderation.withMicros(0, micros));
        line.enable(Raw.ERROR_MASK);
        return line;
    }

    private static void turnedOff(Bench bench) {
        try (CauseLine line = moderated(bench, LONG_MICROS)) {
            long first = two(bench, line);
            line.registers.writeModeration(0);
            line.await(first + 1);
            line.clear(Raw.ERROR_MASK);
            event(bench);
            line.await(first + 2);
        }
    }

    private static void masked(Bench bench) {
        try (CauseLine line = moderated(bench, MICROS)) {
            Interrupts interrupts = bench.link().interrupts();
            long before = line.delivered();
            interrupts.mask(0);
            try {
                event(bench);
                line.clear(Raw.ERROR_MASK);
                event(bench);
                bench.link().runtime().sleep(3 * NANOS);
                line.messages.settle();
                Check.equal("messages while vector 0 is masked", before, line.delivered());
                Check.equal("pending bit", true, interrupts.pending(0));
            } finally {
                interrupts.unmask(0);
            }
            line.await(before + 1);
            line.messages.settle();
            Check.equal("messages once it is unmasked", before + 1, line.delivered());
        }
    }

    private static void reset(Bench bench) {
        try (CauseLine line = moderated(bench, LONG_MICROS)) {
            long first = two(bench, line);
            Check.equal("messages while the second is held back", first, line.delivered());
        }
        bench.function().resetMildly();
        Interrupts interrupts = bench.enabledInterrupts();
        Check.hex("interrupts.enable after a reset", 0, bench.registers().interrupts().readEnable());
        Check.hex("interrupts.moderation after a reset", 0, bench.registers().interrupts().readModeration());
        bench.link().runtime().sleep(LONG_MICROS * 1_000L);
        new Messages(bench).settle();
        Check.equal("messages after a reset", 0L, interrupts.delivered(0));
    }

    // ---------------------------------------------------------------- queues

    /** A packet with a signal, waited for. */
    static void complete(Workshop shop, RawQueue queue) {
        long signal = shop.signal(1);
        queue.submit(FillPacket.word(false, SYSTEM, SYSTEM), (ring, at) -> FillPacket.encode(ring, at, 4, 0, Workshop.HOST, 16, signal));
        shop.await(signal);
    }

    /** A device that runs, with the vectors enabled, and a page of host memory to fill. */
    static Workshop shop(Bench bench) {
        Workshop shop = bench.workshop();
        shop.host(0, PAGE);
        bench.enabledInterrupts();
        return shop;
    }

    private static void vectors(Bench bench, SuiteSettings settings) {
        int vectors = new Messages(bench).vectors();
        int[] sample = IntStream.range(1, vectors).filter(v -> settings.thorough() || v <= 2 || v >= vectors - 2).toArray();
        for (int vector : sample) {
            try (Workshop shop = shop(bench)) {
                Messages messages = new Messages(bench);
                long[] before = messages.delivered();
                RawQueue queue = shop.queue(RawQueue.Settings.of(4).withVector(vector));
                complete(shop, queue);
                messages.await(vector, before[vector] + 1);
                messages.settle();
                long[] after = messages.delivered();
                for (int other = 0; other < vectors; other++) {
                    Check.equal("messages on vector %d of a queue with vector %d".formatted(other, vector),
                            before[other] + (other == vector ? 1 : 0), after[other]);
                }
            }
        }
    }

    private static void off(Bench bench) {
        try (Workshop shop = shop(bench)) {
            quietly(bench, () -> complete(shop, shop.queue(RawQueue.Settings.of(4))));
        }
    }

    private static void noSignal(Bench bench) {
        try (Workshop shop = shop(bench)) {
            RawQueue queue = shop.queue(RawQueue.Settings.of(4).withVector(1));
            quietly(bench, () -> {
                for (int i = 0; i < 4; i++) {
                    queue.submit(TimestampPacket.word(true, SYSTEM, SYSTEM),
                            (ring, at) -> TimestampPacket.encode(ring, at, Workshop.HOST, 0));
                }
                Check.that(bench.function().poll(() -> queue.taken() == 4, 1_000_000_000L), "four packets taken",
                        queue.taken() + " packets");
            });
            long before = bench.link().interrupts().delivered(1);
            complete(shop, queue);
            new Messages(bench).await(1, before + 1);
        }
    }

    /** No message on any vector meanwhile. */
    private static void quietly(Bench bench, Runnable work) {
        Messages messages = new Messages(bench);
        long[] before = messages.delivered();
        work.run();
        messages.settle();
        long[] after = messages.delivered();
        for (int vector = 0; vector < before.length; vector++) {
            Check.equal("messages on vector " + vector, before[vector], after[vector]);
        }
    }

    private static void sharedVector(Bench bench) {
        try (Workshop shop = shop(bench)) {
            Messages messages = new Messages(bench);
            RawQueue one = shop.queue(RawQueue.Settings.of(4).withVector(1));
            RawQueue other = shop.queue(RawQueue.Settings.of(4).withVector(1));
            for (int i = 0; i < 8; i++) {
                long before = bench.link().interrupts().delivered(1);
                complete(shop, i % 2 == 0 ? one : other);
                messages.await(1, before + 1);
            }
        }
    }

    private static void noVector(Bench bench) {
        try (Workshop shop = shop(bench)) {
            int vectors = new Messages(bench).vectors();
            for (int vector : new int[]{vectors, 0xFFF}) {
                quietly(bench, () -> complete(shop, shop.queue(RawQueue.Settings.of(4).withVector(vector))));
            }
        }
    }

    private static void maskedQueue(Bench bench) {
        try (Workshop shop = shop(bench)) {
            Messages messages = new Messages(bench);
            Interrupts interrupts = bench.link().interrupts();
            RawQueue queue = shop.queue(RawQueue.Settings.of(4).withVector(2));
            long before = interrupts.delivered(2);
            interrupts.mask(2);
            try {
                for (int i = 0; i < 4; i++) {
                    complete(shop, queue);
                }
                messages.settle();
                Check.equal("messages while the vector is masked", before, interrupts.delivered(2));
                Check.equal("pending bit", true, interrupts.pending(2));
            } finally {
                interrupts.unmask(2);
            }
            messages.await(2, before + 1);
            messages.settle();
            Check.equal("messages once it is unmasked", before + 1, interrupts.delivered(2));
        }
    }

    private static void queueBurst(Bench bench) {
        try (Workshop shop = shop(bench)) {
            Messages messages = new Messages(bench);
            LinkRuntime runtime = bench.link().runtime();
            RawQueue queue = shop.queue(RawQueue.Settings.of(6).withVector(1).withModeration(MICROS));
            Interrupts interrupts = bench.link().interrupts();
            long first = interrupts.delivered(1);
            long begun = runtime.nanos();
            for (int i = 0; i < EVENTS; i++) {
                complete(shop, queue);
            }
            runtime.sleep(3 * NANOS);
            messages.settle();
            atMost(interrupts.delivered(1) - first, runtime.nanos() - begun);
            for (int i = 0; i < EVENTS / 5; i++) {
                runtime.sleep(2 * NANOS);
                long before = interrupts.delivered(1);
                complete(shop, queue);
                messages.await(1, before + 1);
                complete(shop, queue);
                messages.await(1, before + 2);
            }
        }
    }
}
