package dev.openppu.harness.pci;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.hal.Observable;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Status;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.Messages;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** What the bits of the command register let through, and what the status register keeps. */
final class CommandCases {
    private static final int PAGE = 4096;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    private static final int SENT_BEFORE = 0x0DEC_0DE1;
    private static final int SENT_AFTER = 0x0DEC_0DE2;
    private static final int INTERRUPT_STATUS = 1 << 3;
    private static final byte UNTOUCHED = 0x5A;
    private static final long NOWHERE = 1L << 41;
    /** An IOVA that no link gives out: the topmost page below 2^47. */
    private static final long NOT_MAPPED = (1L << 47) - PAGE;

    private CommandCases() {}

    static List<Case> cases() {
        return List.of(
                Case.of("pci.memory-space.off", "Memory decoding off: reads and writes",
                        Rule.pcie("7.5.1.1.3",
                                "With Memory Space Enable clear, reads end in all ones, writes go nowhere, and what the device holds is kept"),
                        CommandCases::decodingOff).needing(Observable.RAW_CONFIG_SPACE),
                Case.of("pci.memory-space.order", "A write just before decoding goes off",
                        Rule.pcie("2.4.1",
                                "A config write does not pass the posted writes before it: what was written while decoding was on arrives"),
                        CommandCases::order).needing(Observable.RAW_CONFIG_SPACE),
                Case.of("pci.bus-master.dma", "Bus mastering off: DMA",
                        Rule.guide(1,
                                "With Bus Master Enable clear the device reads and writes no host memory: a queue stops with RING_FAULT, and works again when it is enabled anew"),
                        CommandCases::noDma).needing(Observable.RAW_CONFIG_SPACE),
                Case.of("pci.bus-master.interrupts", "Bus mastering off: interrupts",
                        Rule.guide(1,
                                "With Bus Master Enable clear no message is sent; what was asked for is pending, and sent once when the bit is set again"),
                        CommandCases::noMessages).needing(Observable.RAW_CONFIG_SPACE, Observable.MSIX_MASKING),
                Case.of("pci.intx", "No INTx",
                        Rule.guide(1, "The function has no INTx: its pin is 0 and Interrupt Status stays 0, whatever is asked for"),
                        CommandCases::noIntx),
                Case.of("pci.status.master-abort", "A read that the host refuses",
                        Rule.pcie("7.5.1.1.4",
                                "A request of the device's that ends in Unsupported Request sets Received Master Abort, and no other error bit, until a one is written to it"),
                        CommandCases::masterAbort).needing(Observable.RAW_CONFIG_SPACE));
    }

    private static void decodingOff(Bench bench) {
        IdRegs id = bench.registers().id();
        id.writeTest(SENT_BEFORE);
        Check.hex("id.test", SENT_BEFORE, id.readTest());
        bench.function().decoding(false);
        try {
            Check.hex("id.test while decoding is off", -1, id.readTest());
            id.writeTest(SENT_AFTER);
            Check.hex("id.test64 while decoding is off", -1L, id.readTest64());
        } finally {
            bench.function().restore();
        }
        Check.hex("id.test after a write while decoding was off", SENT_BEFORE, id.readTest());
    }

    private static void order(Bench bench) {
        IdRegs id = bench.registers().id();
        for (int i = 0; i < 16; i++) {
            try {
                id.writeTest(SENT_BEFORE + i);
                bench.function().decoding(false);
            } finally {
                bench.function().restore();
            }
            Check.hex("id.test, written just before decoding went off", SENT_BEFORE + i, id.readTest());
        }
    }

    private static void noDma(Bench bench) {
        requireTranslation(bench);
        try (Workshop shop = bench.workshop()) {
            DmaMapping host = shop.host(0, PAGE);
            host.memory().fill(UNTOUCHED);
            RawQueue queue = shop.queue();
            long signal = shop.signal(1);
            bench.function().busMastering(false);
            try {
                fill(queue, signal);
                Check.equal("error of a queue whose ring cannot be read", QueueError.RING_FAULT, queue.awaitError());
            } finally {
                bench.function().restore();
            }
            Check.equal("the completion signal afterwards", 1L, shop.value(signal));
            Check.equal("packets taken", 0L, queue.taken());
            Check.equal("host memory", UNTOUCHED, host.memory().get(ValueLayout.JAVA_BYTE, 0));
            RawQueue again = shop.queue();
            fill(again, signal);
            shop.await(signal);
            Check.equal("host memory after bus mastering is on again", (byte) 0, host.memory().get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    /** Workshops have page tables of their own, and firmware that runs. */
    private static void requireTranslation(Bench bench) {
        if (!IdRegs.Capabilities.mmu(bench.registers().id().readCapabilities())) {
            throw new SkippedException("id.capabilities says that there is no MMU");
        }
    }

    private static void fill(RawQueue queue, long signal) {
        queue.submit(FillPacket.word(false, SYSTEM, SYSTEM), (ring, at) -> FillPacket.encode(ring, at, 4, 0, Workshop.HOST, 16, signal));
    }

    private static void noMessages(Bench bench) {
        Messages messages = new Messages(bench);
        Interrupts interrupts = bench.enabledInterrupts();
        int vector = messages.vectors() - 1;
        long before = interrupts.delivered(vector);
        bench.function().busMastering(false);
        try {
            messages.fire(vector);
            messages.fire(vector);
            messages.settle();
            Check.equal("messages while bus mastering is off", before, interrupts.delivered(vector));
            Check.equal("pending bit while bus mastering is off", true, interrupts.pending(vector));
        } finally {
            bench.function().restore();
        }
        messages.await(vector, before + 1);
        messages.settle();
        Check.equal("messages once bus mastering is on", before + 1, interrupts.delivered(vector));
        Check.equal("pending bit afterwards", false, interrupts.pending(vector));
    }

    private static void noIntx(Bench bench) {
        ConfigSpace config = bench.link().config();
        bench.disableInterrupts();
        Check.equal("interrupt pin", 0, config.read8(Header.INTERRUPT_PIN));
        int command = config.read16(Header.COMMAND);
        for (int disable : new int[]{0, Command.INTERRUPT_DISABLE}) {
            config.write16(Header.COMMAND, command & ~Command.INTERRUPT_DISABLE | disable);
            new Messages(bench).fire(0);
            bench.registers().id().readMagic();
            Check.equal("Interrupt Status", 0, config.read16(Header.STATUS) & INTERRUPT_STATUS);
        }
        config.write16(Header.COMMAND, command);
    }

    private static void masterAbort(Bench bench) {
        requireTranslation(bench);
        ConfigSpace config = bench.link().config();
        try (Workshop shop = bench.workshop()) {
            shop.space().map(NOWHERE, NOT_MAPPED, PAGE, PageTableEntry.READ | PageTableEntry.WRITE | PageTableEntry.SYSTEM);
            shop.device(0, PAGE);
            config.write16(Header.STATUS, -1);
            Check.hex("error bits of the status register after ones", 0, errors(config));
            RawQueue queue = shop.queue();
            long signal = shop.signal(1);
            queue.submit(CopyPacket.word(false, SYSTEM, SYSTEM),
                    (ring, at) -> CopyPacket.encode(ring, at, 0, NOWHERE, Workshop.DEVICE, 64, signal));
            Check.that(shop.awaitEnd(signal) < 0, "a copy from a page that the host does not map fails", "it does not");
            Check.hex("error bits of the status register", Status.RECEIVED_MASTER_ABORT, errors(config));
            config.write16(Header.STATUS, 0);
            config.write16(Header.STATUS, -1 & ~Status.RECEIVED_MASTER_ABORT);
            Check.hex("error bits after ones to all the others", Status.RECEIVED_MASTER_ABORT, errors(config));
            config.write16(Header.STATUS, Status.RECEIVED_MASTER_ABORT);
            Check.hex("error bits after a one to Received Master Abort", 0, errors(config));
        }
    }

    private static int errors(ConfigSpace config) {
        return config.read16(Header.STATUS) & 0xF900;
    }
}
