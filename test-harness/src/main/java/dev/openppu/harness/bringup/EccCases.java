package dev.openppu.harness.bringup;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.memory.MemoryChannel;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.MemoryRegs;
import dev.openppu.abi.reg.MemoryRegs.EccAddress;
import dev.openppu.abi.reg.MemoryRegs.EccControl;
import dev.openppu.abi.reg.MemoryRegs.EccCounters;
import dev.openppu.abi.reg.MemoryRegs.EccThreshold;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.RetirementRegs.Entry;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.TestPoints;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.Stage;
import dev.openppu.harness.UnobservableException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Words of device memory whose stored bits have turned over: what reads and writes of them give, what is counted, which page is retired. Of links that have test points. */
final class EccCases {
    private static final long RW = PageTableEntry.READ | PageTableEntry.WRITE;
    private static final int FILL = FillPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM);
    private static final int COPY = CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int WORD = Long.BYTES;
    /** Of the page that the cases spoil, the same one for all: it is retired when the first error of two bits was read. */
    private static final int BELOW_THE_LAST = 2;
    private static final int PLACE = 0x340;
    private static final int AROUND = 2 * WORD;
    private static final byte WRITTEN = (byte) 0xa5;
    private static final long ONE_BIT = 1L << 29;
    /** One in each half of the word. */
    private static final long TWO_BITS = 1L << 13 | 1L << 46;
    /** A word that is not looked at, but to know that all that was found before has been counted. */
    private static final int MARKER = 0x700;
    private static final int MANY = 0xffff;
    private static final int FEW = 3;
    private static final int PAGE_OF_TWO = EccThreshold.withChannel(EccThreshold.withPage(0, 2), MANY);
    private static final int CHANNEL_OF_FEW = EccThreshold.withChannel(EccThreshold.withPage(0, MANY), FEW);
    private static final long FOUND_NANOS = 1_000_000_000L;
    private static final long QUIET_NANOS = 200_000;

    private EccCases() {}

    /** Writes {@link #WRITTEN} to a range of the page. */
    private interface Writer {
        void write(Trial trial, int offset, int bytes);
    }

    /** Which bytes are written, counted from the word's first one. */
    private record Extent(String name, int from, int to) {
        boolean whole() {
            return from <= 0 && to >= WORD;
        }
    }

    private static final List<Extent> EXTENTS = List.of(new Extent("exactly the word", 0, WORD),
            new Extent("more than the word", -WORD, 2 * WORD),
            new Extent("from within the word on", 3, 2 * WORD), new Extent("up to within the word", -WORD, 5),
            new Extent("within the word", 2, 6),
            new Extent("all but the word's first byte", 1, WORD), new Extent("all but the word's last byte", 0, WORD - 1));

    static Stage stage() {
        List<Case> cases = new ArrayList<>();
        cases.add(ecc("corrected", "A word with one wrong bit",
                "A wrong bit is corrected for whoever reads it, written back, counted once, and otherwise invisible", EccCases::corrected));
        cases.add(ecc("uncorrectable", "A word with two wrong bits",
                "A word with two wrong bits stops its reader with ECC_ERROR, is named by an XID and by ecc_address, and its page is listed",
                EccCases::uncorrectable));
        cases.add(partial("bar2", "BAR2", (trial, offset, bytes) -> trial.shop.space().poke(trial.page + offset, written(bytes))));
        cases.add(partial("fill", "fills", Trial::fill));
        cases.add(partial("copy", "copies", Trial::copyIn));
        cases.add(ecc("page-count", "Corrected errors of a page, counted over resets",
                "A page with ecc_threshold.page corrected errors since reset is listed, and none for errors of before",
                EccCases::pageCount));
        cases.add(ecc("channel-count", "Corrected errors of a channel, counted anew",
                "A channel with ecc_threshold.channel corrected errors logs XID 4996 or 5004 and counts anew", EccCases::channelCount));
        return new Stage("ecc", "Words whose bits have turned over", cases);
    }

    private static Case partial(String id, String who, Writer writer) {
        return ecc("partial." + id, "Wrong bits under writes of parts and wholes by " + who,
                "Writing the whole word heals it; writing part of it ends a single error and leaves a double one",
                bench -> partial(bench, writer));
    }

    private static Case ecc(String id, String title, String rule, Case.Body body) {
        return Case.of("memory.ecc." + id, title, Rule.guide(6, rule), bench -> {
            Presence.require(bench, "retirement");
            if (bench.link().testPoints().isEmpty()) {
                throw new UnobservableException("no register turns bits over in the memory; a link with test points does (`model:`)");
            }
            bench.booted();
            if (!EccControl.enabled(bench.registers().memory().readEccControl())) {
                throw new SkippedException("ecc_control says that ECC is off");
            }
            try {
                body.run(bench);
            } finally {
                bench.distrust(); // a reset ends what is pending, and the counts
            }
        });
    }

    // ---- cases

    private static void corrected(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            Trial trial = Trial.on(shop);
            for (boolean byCopy : new boolean[]{false, true}) {
                byte[] content = trial.prepare(ONE_BIT);
                bench.registers().memory().readEccCounters();
                bench.registers().interrupts().writeRaw(InterruptsRegs.Raw.ECC_MASK);
                long before = trial.corrected();
                for (int i = 0; i < 2; i++) {
                    Check.bytes(
                            "word with a wrong bit, read %s for the %s time".formatted(byCopy ? "by a copy" : "through BAR2",
                                    i == 0 ? "first" : "second"),
                            Arrays.copyOfRange(content, AROUND, AROUND + WORD), byCopy ? trial.copyOut() : trial.peek(0));
                    trial.awaitCorrected(before + 1);
                }
                int counters = bench.registers().memory().readEccCounters();
                Check.equal("ecc_counters.correctable", 1, EccCounters.correctable(counters));
                Check.equal("ecc_counters.uncorrectable", 0, EccCounters.uncorrectable(counters));
                Check.equal("ecc_counters when they were read", 0, bench.registers().memory().readEccCounters());
                Check.that(InterruptsRegs.Raw.ecc(bench.registers().interrupts().readRaw()), "interrupts.raw.ecc", "not set");
                trial.expectQuiet("a word that was corrected before");
            }
        }
    }

    private static void uncorrectable(Bench bench) {
        MemoryRegs memory = bench.registers().memory();
        try (Workshop shop = bench.workshop()) {
            Trial trial = Trial.on(shop);
            byte[] content = trial.prepare(TWO_BITS);
            memory.writeEccAddress(EccAddress.withValid(0, true));
            MmuRegs mmu = bench.registers().mmu();
            mmu.writeFaultStatus(MmuRegs.FaultStatus.VALID_MASK);
            int logged = FaultLog.total(bench);
            long before = trial.uncorrectable();
            RawQueue queue = shop.queue();
            long signal = trial.copyFrom(queue);
            Check.equal("signal of a copy of a word with two wrong bits", Signal.FAILED, shop.awaitEnd(signal));
            queue.awaitError();
            Check.equal("mmu.fault_status.reason", MmuReason.ECC_ERROR.value(), MmuRegs.FaultStatus.reason(mmu.readFaultStatus()));
            FaultLog.expect(bench, logged, Xid.CHUB_ECC_ERROR);
            FaultLog.expect(bench, logged,
                    MemoryChannel.of(trial.word()) == 0 ? Xid.HBM_PS0_2_BIT_UNCORRECTABLE : Xid.HBM_PS1_2_BIT_UNCORRECTABLE);
            Check.that(trial.uncorrectable() > before, "ecc_total_uncorrectable counts", "it stays at " + before);
            Check.hex("ecc_address", EccAddress.withChannel(EccAddress.withValid(trial.word(), true), MemoryChannel.of(trial.word()) == 1),
                    memory.readEccAddress());
            long first = memory.readEccAddress();
            long counted = trial.uncorrectable();
            points(bench).flipBits(trial.page + MARKER, TWO_BITS);
            shop.space().peek(trial.page + MARKER, WORD);
            Check.that(bench.function().poll(() -> trial.uncorrectable() > counted, FOUND_NANOS),
                    "ecc_total_uncorrectable counts another word",
                    "it stays at " + counted);
            Check.hex("ecc_address, which keeps the first", first, memory.readEccAddress());
            memory.writeEccAddress(EccAddress.withValid(0, true));
            Check.that(!EccAddress.valid(memory.readEccAddress()), "ecc_address freed by a 1", "a record in it");
            shop.space().poke(trial.page + MARKER, new byte[WORD]);
            Check.that(bench.function().poll(() -> RetiredPages.listed(bench, trial.page), FOUND_NANOS),
                    "the page in the list of retired ones",
                    "it is not there");
            trial.poke(content);
            Check.bytes("word that was written whole", Arrays.copyOfRange(content, AROUND, AROUND + WORD), trial.peek(0));
            try (FirmwareTalk talk = FirmwareTalk.begin(bench)) {
                talk.ask(MessageStatus.OK, MessageType.RETIRE_PAGE, trial.page, 1);
            }
            Check.that(RetiredPages.entries(bench).contains(RetiredPages.entry(trial.page, true)), "the page in the list, no more pending",
                    RetiredPages.entries(bench).stream().map(Long::toHexString).toList().toString());
        }
    }

    private static void partial(Bench bench, Writer writer) {
        try (Workshop shop = bench.workshop()) {
            Trial trial = Trial.on(shop);
            for (Extent extent : EXTENTS) {
                for (long bits : new long[]{ONE_BIT, TWO_BITS}) {
                    byte[] expected = trial.prepare(bits);
                    writer.write(trial, PLACE + extent.from, extent.to - extent.from);
                    Arrays.fill(expected, AROUND + extent.from, AROUND + extent.to, WRITTEN);
                    trial.judge("a word with %d wrong bits when %s was written".formatted(Long.bitCount(bits), extent.name), expected,
                            extent.whole() || bits == ONE_BIT);
                }
            }
        }
    }

    private static void pageCount(Bench bench) {
        MemoryRegs memory = bench.registers().memory();
        bench.distrust();
        bench.booted();
        long page = RetiredPages.unlisted(bench);
        List<Long> before = RetiredPages.entries(bench);
        for (ResetKind kind : ResetKind.values()) {
            if (bench.function().canReset(kind)) {
                findOne(bench, page, PAGE_OF_TWO);
                Check.equal("retirement.entry with one corrected error since reset, of two", before, RetiredPages.entries(bench));
                bench.function().reset(kind);
                bench.boot();
            }
        }
        findOne(bench, page, PAGE_OF_TWO);
        Check.equal("retirement.entry with one corrected error since reset, and others before it", before, RetiredPages.entries(bench));
        findOne(bench, page, PAGE_OF_TWO);
        List<Long> expected = new ArrayList<>(before);
        expected.add(Entry.withPending(RetiredPages.entry(page, false), true));
        bench.function().poll(() -> RetiredPages.listed(bench, page), FOUND_NANOS);
        Check.equal("retirement.entry with two corrected errors since reset", expected, RetiredPages.entries(bench));
        Check.equal("memory.retired.pending", 1, MemoryRegs.Retired.pending(memory.readRetired()));
    }

    private static void channelCount(Bench bench) {
        bench.distrust();
        bench.booted();
        long page = RetiredPages.unlisted(bench);
        Xid often = MemoryChannel.of(page + PLACE) == 0
                ? Xid.HBM_PS0_1_BIT_ECC_COUNT_OVER_THRESHOLD
                : Xid.HBM_PS1_1_BIT_ECC_COUNT_OVER_THRESHOLD;
        for (int round = 1; round <= 3; round++) {
            int logged = FaultLog.total(bench);
            for (int found = 1; found < FEW; found++) {
                findOne(bench, page, CHANNEL_OF_FEW);
                Check.equal("XIDs with %d corrected errors of a channel, of %d, round %d".formatted(found, FEW, round), List.of(),
                        FaultLog.since(bench, logged));
            }
            findOne(bench, page, CHANNEL_OF_FEW);
            FaultLog.expect(bench, logged, often);
            Check.equal("XIDs with %d corrected errors of a channel, round %d".formatted(FEW, round), List.of(often.number()),
                    FaultLog.since(bench, logged));
        }
    }

    /**
     * One more corrected error of the page.
     *
     * @param threshold of {@code memory.ecc_threshold}
     */
    private static void findOne(Bench bench, long page, int threshold) {
        MemoryRegs memory = bench.registers().memory();
        memory.writeEccThreshold(threshold);
        long before = memory.readEccTotalCorrectable();
        points(bench).flipBits(page + PLACE, ONE_BIT);
        bench.bare().memory().read(page + PLACE, MemorySegment.ofArray(new byte[WORD]));
        Check.that(bench.function().poll(() -> memory.readEccTotalCorrectable() == before + 1, FOUND_NANOS),
                "memory.ecc_total_correctable = " + (before + 1), Long.toString(memory.readEccTotalCorrectable()));
        bench.link().runtime().sleep(QUIET_NANOS); // the firmware has the list
    }

    // ---- one word

    private static TestPoints points(Bench bench) {
        return bench.link().testPoints().orElseThrow();
    }

    private static byte[] written(int bytes) {
        byte[] content = new byte[bytes];
        Arrays.fill(content, WRITTEN);
        return content;
    }

    /**
     * The word that errors are put into, and what reads and writes it.
     *
     * @param page its device memory address; in the shop's space at {@link Workshop#DEVICE}
     * @param host a page of host memory at {@link Workshop#HOST}
     */
    private record Trial(Workshop shop, RawQueue queue, MemorySegment host, long page) {
        static Trial on(Workshop shop) {
            long page = RetiredPages.usable(shop.bench()) - BELOW_THE_LAST * RetiredPages.PAGE;
            MemorySegment host = shop.host(0, RetiredPages.PAGE).memory();
            shop.space().map(Workshop.DEVICE, page, RetiredPages.PAGE, RW);
            shop.bench().registers().memory().writeEccThreshold(EccThreshold.withChannel(EccThreshold.withPage(0, MANY), MANY));
            return new Trial(shop, shop.queue(), host, page);
        }

        long word() {
            return page + PLACE;
        }

        /** Makes the word and those around it right, then turns bits over; returns what stood there before. */
        byte[] prepare(long bits) {
            byte[] content = new byte[WORD + 2 * AROUND];
            for (int i = 0; i < content.length; i++) {
                content[i] = (byte) (31 * i + 7);
            }
            poke(content);
            points(shop.bench()).flipBits(word(), bits);
            return content;
        }

        void poke(byte[] around) {
            shop.space().poke(word() - AROUND, around);
        }

        /** A word as BAR2 shows it. */
        byte[] peek(int offset) {
            return shop.space().peek(word() + offset, WORD);
        }

        byte[] copyOut() {
            shop.await(copyFrom(queue));
            return host.asSlice(0, WORD).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        }

        long copyFrom(RawQueue reader) {
            long signal = shop.signal(1);
            reader.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.DEVICE + PLACE, Workshop.HOST, WORD, signal));
            return signal;
        }

        void copyIn(int offset, int bytes) {
            host.asSlice(0, bytes).fill(WRITTEN);
            long signal = shop.signal(1);
            queue.submit(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST, Workshop.DEVICE + offset, bytes, signal));
            shop.await(signal);
        }

        void fill(int offset, int bytes) {
            long signal = shop.signal(1);
            queue.submit(FILL, (ring, at) -> FillPacket.encode(ring, at, 1, WRITTEN & 0xff, Workshop.DEVICE + offset, bytes, signal));
            shop.await(signal);
        }

        long corrected() {
            return shop.bench().registers().memory().readEccTotalCorrectable();
        }

        long uncorrectable() {
            return shop.bench().registers().memory().readEccTotalUncorrectable();
        }

        void awaitCorrected(long count) {
            Check.that(shop.bench().function().poll(() -> corrected() == count, FOUND_NANOS), "memory.ecc_total_correctable = " + count,
                    Long.toString(corrected()));
        }

        /** A read of the word finds nothing wrong any more. */
        void expectQuiet(String what) {
            long counted = corrected();
            points(shop.bench()).flipBits(page + MARKER, ONE_BIT);
            shop.space().peek(page + MARKER, WORD);
            awaitCorrected(counted + 1);
            long before = corrected();
            long beforeBad = uncorrectable();
            peek(0);
            shop.bench().link().runtime().sleep(QUIET_NANOS);
            Check.equal("corrected errors that a read finds in " + what, 0L, corrected() - before);
            Check.equal("uncorrectable errors that a read finds in " + what, 0L, uncorrectable() - beforeBad);
        }

        /** The word reads as it should, or not at all, and its neighbours as they should. */
        void judge(String what, byte[] expected, boolean readable) {
            for (int offset = -AROUND; offset <= AROUND; offset += WORD) {
                byte[] seen = Arrays.copyOfRange(expected, AROUND + offset, AROUND + offset + WORD);
                if (offset == 0 && !readable) {
                    Arrays.fill(seen, (byte) -1);
                }
                Check.bytes("through BAR2, %d bytes from %s".formatted(offset, what), seen, peek(offset));
            }
            if (readable) {
                expectQuiet(what);
            } else {
                poke(expected);
                Check.bytes(what + ", then all of it", Arrays.copyOfRange(expected, AROUND, AROUND + WORD), peek(0));
            }
        }
    }
}
