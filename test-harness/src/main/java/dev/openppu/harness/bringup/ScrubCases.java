package dev.openppu.harness.bringup;

import dev.openppu.abi.reg.InterruptsRegs.Raw;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.MemoryRegs.Scrub;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.UnobservableException;
import dev.openppu.harness.bench.Bench;
import java.util.List;

/** The scrubber: a pass to its end, stopped, begun anew and refused. */
final class ScrubCases {
    private static final long PAGE = 4096;
    /** Large enough to be met under way, and no hours of work. */
    private static final long MOST_BYTES = 8L << 30;
    private static final long PASS_NANOS = 10_000_000_000L;
    private static final long LOOK_NANOS = 20_000;

    private ScrubCases() {}

    static Stage stage() {
        return new Stage("scrubber", "The scrubber", List.of(
                scrub("pass", "A pass to its end", "A pass ends with scrub_next behind its last byte, busy 0 and cause scrub_done",
                        ScrubCases::pass),
                scrub("stop", "A pass that is stopped", "scrub.stop ends the pass: nothing more is read, and no scrub_done comes",
                        ScrubCases::stop),
                scrub("again", "A pass that is begun anew", "scrub.start begins a pass over the range; one that was under way is over",
                        ScrubCases::again),
                scrub("bad-range", "Ranges that are empty, misaligned or outside the memory",
                        "A bad range is refused with bad_range until the next start, and no pass is under way then",
                        ScrubCases::badRange)));
    }

    private static Case scrub(String id, String title, String rule, Case.Body body) {
        return Case.of("memory.scrub." + id, title, Rule.map("memory.scrub: " + rule), bench -> {
            Presence.require(bench, "scrub");
            bench.closePpu();
            MemoryRegs memory = bench.registers().memory();
            try {
                body.run(bench);
            } finally {
                memory.writeScrub(Scrub.withStop(0, true));
                memory.writeScrubFirst(0);
                memory.writeScrubLast(0);
            }
        });
    }

    private static void pass(Bench bench) {
        MemoryRegs memory = bench.registers().memory();
        for (long first : new long[]{0, PAGE}) {
            for (long bytes : new long[]{1, PAGE, 5 * PAGE, end(bench) - first}) {
                start(bench, first, first + bytes - 1);
                Check.that(awaitDone(bench), "interrupts.raw.scrub_done", "not within 10 s");
                String what = "after a pass over %d bytes from 0x%x on".formatted(bytes, first);
                Check.hex("memory.scrub " + what, 0, memory.readScrub());
                Check.hex("memory.scrub_next " + what, first + bytes, memory.readScrubNext());
            }
        }
    }

    private static void stop(Bench bench) {
        MemoryRegs memory = bench.registers().memory();
        long time = measure(bench);
        underWay(bench);
        memory.writeScrub(Scrub.withStop(0, true));
        Check.hex("memory.scrub when the pass was stopped", 0, memory.readScrub());
        expectOver(bench, time, "a pass that was stopped");
        start(bench, 0, PAGE - 1);
        Check.that(awaitDone(bench), "a pass behind one that was stopped ends", "it does not within 10 s");
    }

    private static void again(Bench bench) {
        MemoryRegs memory = bench.registers().memory();
        long time = measure(bench);
        underWay(bench);
        long last = 2 * PAGE - 1;
        start(bench, PAGE, last);
        Check.that(awaitDone(bench), "a pass that was begun amid another ends", "it does not within 10 s");
        Check.hex("memory.scrub_next behind a pass that was begun amid another", last + 1, memory.readScrubNext());
        clearDone(bench);
        expectOver(bench, time, "the pass before");
    }

    private static void badRange(Bench bench) {
        MemoryRegs memory = bench.registers().memory();
        long time = measure(bench);
        long size = memory.readSize();
        long[][] bad = {{PAGE, PAGE - 1}, {1, PAGE}, {PAGE - 1, 2 * PAGE}, {0, size}, {size, size + PAGE - 1}, {0, -1}, {-PAGE, -1}};
        for (long[] range : bad) {
            String what = "a range from 0x%x to 0x%x".formatted(range[0], range[1]);
            underWay(bench);
            start(bench, range[0], range[1]);
            Check.hex("memory.scrub after " + what, Scrub.withBadRange(0, true), memory.readScrub());
            expectOver(bench, time, what);
            Check.hex("memory.scrub later, after " + what, Scrub.withBadRange(0, true), memory.readScrub());
        }
        start(bench, 0, PAGE - 1);
        Check.that(awaitDone(bench), "a pass behind a bad range ends", "it does not within 10 s");
        Check.hex("memory.scrub after a pass behind a bad range", 0, memory.readScrub());
    }

    // ---- helpers

    private static long end(Bench bench) {
        return Math.min(bench.registers().memory().readSize(), MOST_BYTES);
    }

    private static void start(Bench bench, long first, long last) {
        MemoryRegs memory = bench.registers().memory();
        memory.writeScrubFirst(first);
        memory.writeScrubLast(last);
        clearDone(bench);
        memory.writeScrub(Scrub.withStart(0, true));
    }

    private static void clearDone(Bench bench) {
        bench.registers().interrupts().writeRaw(Raw.SCRUB_DONE_MASK);
    }

    private static boolean done(Bench bench) {
        return Raw.scrubDone(bench.registers().interrupts().readRaw());
    }

    private static boolean awaitDone(Bench bench) {
        return bench.function().poll(() -> done(bench), PASS_NANOS);
    }

    /** How long a pass over all that the cases scrub takes, on the link's clock. */
    private static long measure(Bench bench) {
        LinkRuntime runtime = bench.link().runtime();
        long begin = runtime.nanos();
        start(bench, 0, end(bench) - 1);
        if (!awaitDone(bench)) {
            throw new UnobservableException("a pass over %d MiB takes longer than 10 s".formatted(end(bench) >> 20));
        }
        return runtime.nanos() - begin;
    }

    /** A pass that has read something, and not all. */
    private static void underWay(Bench bench) {
        MemoryRegs memory = bench.registers().memory();
        LinkRuntime runtime = bench.link().runtime();
        start(bench, 0, end(bench) - 1);
        long deadline = runtime.deadline(PASS_NANOS);
        while (memory.readScrubNext() == 0 && Scrub.busy(memory.readScrub())) {
            if (runtime.nanos() >= deadline) {
                throw new CheckFailedException("memory.scrub_next moves", "it stays at 0 for 10 s");
            }
            runtime.sleep(LOOK_NANOS);
        }
        if (!Scrub.busy(memory.readScrub())) {
            throw new UnobservableException("a pass is over before it is seen under way");
        }
    }

    /** For as long as a whole pass takes and half as long again nothing is read, and nothing said. */
    private static void expectOver(Bench bench, long time, String what) {
        MemoryRegs memory = bench.registers().memory();
        long next = memory.readScrubNext();
        bench.link().runtime().sleep(time + time / 2);
        Check.hex("memory.scrub_next, some time after " + what, next, memory.readScrubNext());
        Check.equal("interrupts.raw.scrub_done, some time after " + what, false, done(bench));
    }
}
