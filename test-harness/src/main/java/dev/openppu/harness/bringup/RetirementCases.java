package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.MemoryRegs.EccControl;
import dev.openppu.abi.reg.RetirementRegs.Entry;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.TestPoints;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.Stage;
import dev.openppu.harness.UnobservableException;
import dev.openppu.harness.bench.Bench;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** ECC switched on and off, and pages that the host has retired. */
final class RetirementCases {
    private static final long ANSWER_NANOS = 1_000_000_000L;

    private RetirementCases() {}

    static Stage stage() {
        List<Case> cases = new ArrayList<>();
        for (ResetKind kind : ResetKind.values()) {
            cases.add(Case.of("memory.ecc-pending." + name(kind), "ECC switched over by a reset: " + name(kind).replace('-', ' '),
                    Rule.guide(6, "ecc_control.pending takes effect at the next reset, not before, and is kept by all but a cold one"),
                    bench -> eccPending(bench, kind)));
        }
        cases.add(Case.of("memory.retire.refused", "Pages that cannot be retired",
                Rule.guide(4, "RETIRE_PAGE of an address outside the usable memory, or for an undefined cause, is status 5"),
                RetirementCases::refused));
        cases.add(Case.of("memory.retire.listed", "A page that the host retires",
                Rule.guide(6, "A page that the host retires is in effect at once, listed once, and listed for ever"),
                RetirementCases::listed));
        cases.add(Case.of("memory.retire.power-loss", "Power that goes while the list of retired pages is written",
                Rule.guide(3, "Records in flash are written in turn, so that a loss of power at any step leaves one of them whole"),
                RetirementCases::powerLoss));
        cases.add(Case.of("memory.retire.full", "The list of retired pages, filled to its end",
                Rule.guide(6, "The list takes 64 pages; one more is status 5, one that it has is not; it is kept whole"),
                RetirementCases::full));
        return new Stage("retirement", "ECC and retired pages", cases);
    }

    private static String name(ResetKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void eccPending(Bench bench, ResetKind kind) {
        Presence.require(bench, "retirement");
        bench.function().requireReset(kind);
        bench.closePpu();
        bench.distrust();
        MemoryRegs memory = bench.registers().memory();
        bench.function().resetMildly();
        boolean before = EccControl.enabled(memory.readEccControl());
        try {
            for (boolean wanted : new boolean[]{!before, before}) {
                boolean now = EccControl.enabled(memory.readEccControl());
                memory.writeEccControl(EccControl.withPending(0, wanted));
                Check.equal("ecc_control.pending as written", wanted, EccControl.pending(memory.readEccControl()));
                Check.equal("ecc_control.enabled before the reset", now, EccControl.enabled(memory.readEccControl()));
                bench.function().reset(kind);
                boolean kept = kind != ResetKind.COLD;
                Check.equal("ecc_control.pending after the reset", kept ? wanted : true, EccControl.pending(memory.readEccControl()));
                Check.equal("ecc_control.enabled after the reset", kept ? wanted : true, EccControl.enabled(memory.readEccControl()));
            }
        } finally {
            memory.writeEccControl(EccControl.withPending(0, before));
            bench.function().resetMildly();
        }
    }

    private static void refused(Bench bench) {
        Presence.require(bench, "retirement");
        bench.booted();
        List<Long> listed = RetiredPages.entries(bench);
        long usable = RetiredPages.usable(bench);
        try (FirmwareTalk talk = FirmwareTalk.begin(bench)) {
            for (long address : new long[]{usable, usable + RetiredPages.PAGE, bench.registers().memory().readSize(), -1,
                -RetiredPages.PAGE, Long.MIN_VALUE}) {
                talk.ask(MessageStatus.BAD_ARGUMENT, MessageType.RETIRE_PAGE, address, 0);
            }
            for (long cause : new long[]{2, -1, 1L << 32}) {
                talk.ask(MessageStatus.BAD_ARGUMENT, MessageType.RETIRE_PAGE, usable - RetiredPages.PAGE, cause);
            }
        }
        Check.equal("retirement.entry", listed, RetiredPages.entries(bench));
    }

    private static void listed(Bench bench) {
        Presence.require(bench, "retirement");
        requireSpare(bench);
        bench.booted();
        long page = RetiredPages.usable(bench) - RetiredPages.PAGE;
        List<Long> before = RetiredPages.entries(bench);
        List<Long> expected = new ArrayList<>(before);
        long entry = RetiredPages.entry(page, true);
        expected.remove(entry);
        expected.add(entry);
        try (FirmwareTalk talk = FirmwareTalk.begin(bench)) {
            talk.ask(MessageStatus.OK, MessageType.RETIRE_PAGE, page + 8, 1);
            RetiredPages.expect(bench, "retired", expected);
            talk.ask(MessageStatus.OK, MessageType.RETIRE_PAGE, page + RetiredPages.PAGE - 1, 0);
            RetiredPages.expect(bench, "retired twice", expected);
        }
        for (ResetKind kind : ResetKind.values()) {
            if (bench.function().canReset(kind)) {
                bench.function().reset(kind);
                bench.boot();
                RetiredPages.expect(bench, "retired, and a " + name(kind) + " reset", expected);
            }
        }
    }

    /** A page that is listed already is retired again: the list is written again, and what it says does not change. */
    private static void powerLoss(Bench bench) {
        Presence.require(bench, "retirement");
        Presence.require(bench, "flash");
        bench.function().requireReset(ResetKind.COLD);
        TestPoints points = bench.link().testPoints().orElseThrow(() -> new UnobservableException(
                "nobody knows when the flash is at work; a link with test points does (`model:`)"));
        bench.booted();
        long page = RetiredPages.usable(bench) - 2 * RetiredPages.PAGE;
        if (RetiredPages.entries(bench).isEmpty()) {
            try (FirmwareTalk talk = FirmwareTalk.begin(bench)) {
                talk.ask(MessageStatus.OK, MessageType.RETIRE_PAGE, page, 1);
            }
        }
        List<Long> expected = RetiredPages.entries(bench);
        long listed = expected.getFirst() & Entry.PAGE_MASK;
        for (boolean half : new boolean[]{true, false}) {
            int operations = 0;
            while (cutShort(bench, points, operations + 1, half, listed)) {
                operations++;
                RetiredPages.expect(bench,
                        "listed, and power lost at operation %d of the flash%s".formatted(operations, half ? ", half of it done" : ""),
                        expected);
            }
            Check.that(operations > 0, "RETIRE_PAGE is kept in flash", "it was answered, and the flash has done nothing");
        }
    }

    /** Whether power was lost before RETIRE_PAGE was answered; the device is booted again. */
    private static boolean cutShort(Bench bench, TestPoints points, int operation, boolean half, long page) {
        boolean lost;
        try (FirmwareTalk talk = FirmwareTalk.begin(bench)) {
            FwRegs fw = bench.registers().fw();
            int before = fw.readEventTail();
            points.losePowerAtFlashOperation(operation, half);
            talk.rings().send(MessageType.RETIRE_PAGE.code(), page, 0);
            Check.that(bench.function().poll(() -> fw.readEventTail() != before, ANSWER_NANOS), "RETIRE_PAGE is answered, or power is lost",
                    "neither");
            lost = bench.link().config().read32(Header.VENDOR_ID) == -1;
        } finally {
            points.losePowerAtFlashOperation(Integer.MAX_VALUE, half);
            bench.distrust();
        }
        bench.function().reset(ResetKind.COLD);
        bench.boot();
        return lost;
    }

    private static void full(Bench bench) {
        Presence.require(bench, "retirement");
        requireSpare(bench);
        bench.booted();
        List<Long> expected = new ArrayList<>(RetiredPages.entries(bench));
        long last = RetiredPages.usable(bench) - RetiredPages.PAGE;
        try (FirmwareTalk talk = FirmwareTalk.begin(bench)) {
            long page = last;
            for (; expected.size() < RetiredPages.MOST; page -= RetiredPages.PAGE) {
                if (!RetiredPages.listed(bench, page)) {
                    talk.ask(MessageStatus.OK, MessageType.RETIRE_PAGE, page, 0);
                    expected.add(RetiredPages.entry(page, false));
                }
            }
            RetiredPages.expect(bench, "the last that the list takes", expected);
            while (RetiredPages.listed(bench, page)) {
                page -= RetiredPages.PAGE;
            }
            talk.ask(MessageStatus.BAD_ARGUMENT, MessageType.RETIRE_PAGE, page, 0);
            RetiredPages.expect(bench, "one too many", expected);
            talk.ask(MessageStatus.OK, MessageType.RETIRE_PAGE, last, 0);
            RetiredPages.expect(bench, "listed in a full list", expected);
        }
        bench.function().resetThoroughly();
        bench.boot();
        RetiredPages.expect(bench, "in a full list, and a reset", expected);
    }

    private static void requireSpare(Bench bench) {
        if (!bench.link().runtime().simulated()) {
            throw new SkippedException("it would cost the device pages for ever; `model:` with clock=sim shows it");
        }
    }
}
