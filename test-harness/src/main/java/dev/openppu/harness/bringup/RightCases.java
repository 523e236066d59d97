package dev.openppu.harness.bringup;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawKernel;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Who needs which right of a page: each user with every set of rights, those that suffice and those that do not. */
final class RightCases {
    private static final Rule RULE = Rule.guide(6,
            "Reading needs the read right, writing the write right, counting (completion signals, atomic operations) both: without it the reason is NO_RIGHT");
    private static final int PAGE = PageTableEntry.TABLE_BYTES;
    private static final long PROBED = 1L << 41;
    private static final long CODE = 0x20_0000;
    private static final long[] SETS = {0, PageTableEntry.READ, PageTableEntry.WRITE, PageTableEntry.EXECUTE,
        PageTableEntry.READ | PageTableEntry.WRITE, PageTableEntry.READ | PageTableEntry.EXECUTE,
        PageTableEntry.WRITE | PageTableEntry.EXECUTE, PageTableEntry.READ | PageTableEntry.WRITE | PageTableEntry.EXECUTE};
    private static final int NONE = AqlHeader.SCOPE_NONE;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;

    private RightCases() {}

    /** One that uses the page at {@link #PROBED}; gets the signal of the packet. */
    private enum User {
        COPY_SOURCE(MmuAccess.READ),
        COPY_DESTINATION(MmuAccess.WRITE),
        SIGNAL(MmuAccess.ATOMIC),
        ENGINE_SIGNAL(MmuAccess.ATOMIC),
        WAIT_VALUE(
                MmuAccess.READ),
        WRITE_VALUE(MmuAccess.WRITE),
        TIMESTAMP(MmuAccess.WRITE),
        KERNEL_LOAD(
                MmuAccess.READ),
        KERNEL_STORE(MmuAccess.WRITE),
        KERNEL_ATOMIC(MmuAccess.ATOMIC);

        private final MmuAccess access;

        User(MmuAccess access) {
            this.access = access;
        }

        boolean kernel() {
            return this == KERNEL_LOAD || this == KERNEL_STORE || this == KERNEL_ATOMIC;
        }

        /** Its packet's own completion signal is what is probed: nobody can say there that it failed. */
        boolean silent() {
            return this == SIGNAL || this == ENGINE_SIGNAL;
        }

        boolean suffices(long rights) {
            long needed = switch (access) {
                case READ -> PageTableEntry.READ;
                case WRITE -> PageTableEntry.WRITE;
                default -> PageTableEntry.READ | PageTableEntry.WRITE;
            };
            return (rights & needed) == needed;
        }

        String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (User user : User.values()) {
            cases.add(Case.of("memory.rights." + user.id(), "Every set of rights of a page, for " + user.id().replace('-', ' '), RULE,
                    bench -> all(bench, user)));
        }
        return cases;
    }

    private static void all(Bench bench, User user) {
        if (user.kernel()) {
            Presence.require(bench, "compute");
        }
        for (long rights : SETS) {
            probe(bench, user, rights);
        }
        bench.note(SETS.length + " sets of rights");
    }

    private static void probe(Bench bench, User user, long rights) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, PAGE);
            long place = shop.space().mapDevice(PROBED, PAGE);
            shop.space().poke(place, new byte[PAGE]);
            shop.space().map(PROBED, place, PAGE, rights);
            MmuRegs mmu = bench.registers().mmu();
            mmu.writeFaultStatus(MmuRegs.FaultStatus.withValid(0, true));
            mmu.readFaultStatus();
            RawQueue queue = shop.queue();
            long signal = shop.signal(1);
            submit(shop, queue, user, signal);
            String what = "%s with the rights %s".formatted(user.id().replace('-', ' '), text(rights));
            if (user.suffices(rights)) {
                if (user.silent()) {
                    expectCounted(bench, shop, queue, place, what);
                } else {
                    shop.await(signal);
                }
                return;
            }
            Check.equal("queue error after " + what, QueueError.MEMORY_FAULT, queue.awaitError());
            if (!user.silent()) {
                Check.equal("signal after " + what, Signal.FAILED, shop.awaitEnd(signal));
            }
            Check.hex("queue.error_address after " + what, PROBED, queue.registers().readErrorAddress());
            int status = mmu.readFaultStatus();
            Check.equal("mmu.fault_status.valid after " + what, true, MmuRegs.FaultStatus.valid(status));
            Check.equal("mmu.fault_status.reason after " + what, MmuReason.NO_RIGHT, MmuReason.of(MmuRegs.FaultStatus.reason(status)));
            Check.equal("mmu.fault_status.access after " + what, user.access, MmuAccess.of(MmuRegs.FaultStatus.access(status)));
        }
    }

    private static void submit(Workshop shop, RawQueue queue, User user, long signal) {
        switch (user) {
            case COPY_SOURCE -> queue.submit(CopyPacket.word(false, SYSTEM, SYSTEM),
                    (ring, at) -> CopyPacket.encode(ring, at, 0, PROBED, Workshop.HOST, 64, signal));
            case COPY_DESTINATION -> queue.submit(CopyPacket.word(false, SYSTEM, SYSTEM),
                    (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST, PROBED, 64, signal));
            case ENGINE_SIGNAL -> queue.submit(CopyPacket.word(false, SYSTEM, SYSTEM),
                    (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST, Workshop.HOST + PAGE / 2, 64, PROBED));
            case SIGNAL -> queue.submit(WriteValuePacket.word(false, NONE, SYSTEM),
                    (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 1, PROBED));
            case WRITE_VALUE -> queue.submit(WriteValuePacket.word(false, NONE, SYSTEM),
                    (ring, at) -> WriteValuePacket.encode(ring, at, 0, PROBED, 1, signal));
            case WAIT_VALUE -> queue.submit(WaitValuePacket.word(false, SYSTEM, NONE),
                    (ring, at) -> WaitValuePacket.encode(ring, at, WaitValuePacket.COMPARE_EQUAL, PROBED, 0, signal));
            case TIMESTAMP -> queue.submit(TimestampPacket.word(false, NONE, SYSTEM),
                    (ring, at) -> TimestampPacket.encode(ring, at, PROBED, signal));
            case KERNEL_LOAD -> kernel(shop, queue, "load", signal);
            case KERNEL_STORE -> kernel(shop, queue, "store", signal);
            case KERNEL_ATOMIC -> kernel(shop, queue, "add", signal);
        }
    }

    private static void kernel(Workshop shop, RawQueue queue, String name, long signal) {
        RawKernel kernel = RawKernel.place(shop, Kernels.assembled("rights.tix"), name, CODE, PROBED);
        queue.submit(RawKernel.word(), kernel.dispatch(1, signal));
    }

    /** The signal in device memory, 0 at first, was counted down. */
    private static void expectCounted(Bench bench, Workshop shop, RawQueue queue, long place, String what) {
        byte[] once = {-1, -1, -1, -1, -1, -1, -1, -1};
        bench.function().poll(() -> Arrays.equals(once, shop.space().peek(place, Long.BYTES)), 1_000_000_000L);
        Check.bytes(what, once, shop.space().peek(place, Long.BYTES));
        Check.equal("queue error after " + what, QueueError.NONE, queue.error());
    }

    private static String text(long rights) {
        return "%s%s%s".formatted((rights & PageTableEntry.READ) != 0 ? "r" : "-", (rights & PageTableEntry.WRITE) != 0 ? "w" : "-",
                (rights & PageTableEntry.EXECUTE) != 0 ? "x" : "-");
    }
}
