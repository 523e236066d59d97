package dev.openppu.harness.bringup;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawKernel;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;

/** Invalidations of a page that a kernel, copies or fills are writing at that moment: once they are done, the old place belongs to somebody else. */
final class InvalidationCases {
    private static final int PAGE = PageTableEntry.TABLE_BYTES;
    /** Of a leaf of level 1. */
    private static final int LARGE_PAGE = 2 << 20;
    /** Below it lie tables and buffers of all cases. */
    private static final long USED = 2L << 30;
    /** Under entries of the root of their own. */
    private static final long PROBED = 1L << 41;
    private static final long SOURCE = 1L << 42;
    private static final long RW = PageTableEntry.READ | PageTableEntry.WRITE;
    private static final long CODE = 0x40_0000;
    /** Each may fall between two writes. */
    private static final int KERNEL_ROUNDS = 16;
    private static final int COPY_ROUNDS = 4;
    /** So many that they are not over before the rounds are. */
    private static final int PACKETS = 128;
    /** Places of a large page that are looked at. */
    private static final int LOOKS = 4;
    private static final long PATTERN = 0x5a5a_5a5aL;
    private static final long WRITES_NANOS = 5_000_000L;
    /** Where a device of software runs in real time, beside others. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    /** Long enough for many more writes. */
    private static final long QUIET_NANOS = 100_000L;
    private static final byte[] GUARDS = Patterns.guards(PAGE);
    private static final byte[] ZEROS = new byte[PAGE];

    private InvalidationCases() {}

    static List<Case> cases() {
        Rule rule = Rule.guide(6, "invalidate_done counts up when no copy and no kernel can still use an older translation");
        return List.of(
                Case.of("memory.invalidate.amid-kernel", "A page that is invalidated while a kernel writes it", rule,
                        InvalidationCases::amidKernel),
                Case.of("memory.invalidate.amid-copies", "A page that is invalidated while copies write it", rule,
                        InvalidationCases::amidCopies),
                Case.of("memory.invalidate.amid-fills", "A page that is invalidated while fills write it", rule,
                        InvalidationCases::amidFills));
    }

    private static void amidKernel(Bench bench) {
        Presence.require(bench, "compute");
        try (Workshop shop = bench.workshop()) {
            long[] places = {shop.space().mapDevice(PROBED + PAGE, PAGE), shop.space().mapDevice(PROBED, PAGE)};
            RawQueue queue = shop.queue();
            RawKernel kernel = RawKernel.place(shop, Kernels.assembled("resets.tix"), "scribble", CODE, PROBED);
            queue.submit(RawKernel.word(), kernel.dispatch(1, 0));
            try {
                for (int round = 0; round < KERNEL_ROUNDS; round++) {
                    long old = places[(round + 1) % 2];
                    long fresh = places[round % 2];
                    shop.space().poke(fresh, ZEROS);
                    expectWritten(bench, shop, old, "the word that a kernel counts in");
                    shop.space().map(PROBED, fresh, PAGE, RW);
                    shop.space().invalidate(round % 2 == 0 ? MmuScope.PAGE : MmuScope.CONTEXT, PROBED);
                    shop.space().poke(old, GUARDS);
                    expectWritten(bench, shop, fresh, "the word that a kernel counts in, after its page was given another place");
                    bench.link().runtime().sleep(QUIET_NANOS);
                    Check.bytes("the old place after the invalidation was done", GUARDS, shop.space().peek(old, PAGE));
                }
            } finally {
                queue.reset(); // the kernel has no end
            }
        }
    }

    private static void expectWritten(Bench bench, Workshop shop, long place, String what) {
        long nanos = bench.link().runtime().simulated() ? WRITES_NANOS : PATIENCE_NANOS;
        boolean written = bench.function().poll(() -> !Arrays.equals(new byte[Integer.BYTES], shop.space().peek(place, Integer.BYTES)),
                nanos);
        Check.that(written, what + " is not 0 within %d ms".formatted(nanos / 1_000_000), "0");
    }

    private static void amidCopies(Bench bench) {
        amid(bench, "copies", CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM),
                signal -> (ring, at) -> CopyPacket.encode(ring, at, 0, SOURCE, PROBED, LARGE_PAGE, signal));
    }

    private static void amidFills(Bench bench) {
        amid(bench, "fills", FillPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM),
                signal -> (ring, at) -> FillPacket.encode(ring, at, Integer.BYTES, PATTERN, PROBED, LARGE_PAGE / Integer.BYTES, signal));
    }

    /** A large page that many packets write one behind the other. */
    private static void amid(Bench bench, String what, int word, LongFunction<RawQueue.Body> body) {
        long memory = bench.registers().memory().readSize();
        long middle = memory / 2 & -LARGE_PAGE; // the firmware has the end, cases the beginning
        if (middle < USED) {
            throw new SkippedException("the device memory has no room beside what the cases use");
        }
        try (Workshop shop = bench.workshop()) {
            leaf(shop, SOURCE, middle);
            leaf(shop, PROBED, middle + LARGE_PAGE);
            shop.space().poke(middle, Patterns.bytes(LARGE_PAGE, 45));
            RawQueue queue = shop.queue();
            long signal = shop.signal(PACKETS);
            for (int i = 0; i < PACKETS; i++) {
                queue.put(word, body.apply(signal));
            }
            queue.ring(PACKETS - 1);
            int met = 0;
            for (int round = 0; round < COPY_ROUNDS; round++) {
                long old = middle + (1 + round % 2L) * LARGE_PAGE;
                leaf(shop, PROBED, middle + (2 - round % 2L) * LARGE_PAGE);
                shop.space().invalidate(MmuScope.PAGE, PROBED);
                met += shop.value(signal) > 0 ? 1 : 0;
                for (long offset = 0; offset < LARGE_PAGE; offset += LARGE_PAGE / LOOKS) {
                    shop.space().poke(old + offset, GUARDS);
                }
                bench.link().runtime().sleep(QUIET_NANOS);
                for (long offset = 0; offset < LARGE_PAGE; offset += LARGE_PAGE / LOOKS) {
                    Check.bytes("the old place after the invalidation was done, at offset 0x%x".formatted(offset), GUARDS,
                            shop.space().peek(old + offset, PAGE));
                }
            }
            shop.await(signal);
            bench.note("%d of %d invalidations amid the %s".formatted(met, COPY_ROUNDS, what));
        }
    }

    private static void leaf(Workshop shop, long virtual, long place) {
        shop.space().entry(virtual, 1, PageTableEntry.leaf(1, place, RW));
    }
}
