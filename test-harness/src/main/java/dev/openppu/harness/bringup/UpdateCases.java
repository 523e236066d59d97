package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FlashRegs;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.driver.owner.BootOutcome;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.Stage;
import dev.openppu.harness.UnobservableException;
import dev.openppu.harness.bench.Bench;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Updates of the firmware in flash, step by step and with every step wrong. They write the slot that is not in use, and leave nothing to be tried. */
final class UpdateCases {
    private static final Rule PARTS = Rule.guide(4,
            "UPDATE_DATA brings 1 to 65,536 bytes; the parts follow each other without a gap, and not beyond the image; anything else is status 5");
    private static final Rule FINISH = Rule.guide(4,
            "UPDATE_FINISH has the whole image verified; a good one is tried at the next boot from flash, of a bad one w1 is the boot error");
    /** Bytes that one UPDATE_DATA may bring (docs/device.md, section 4). */
    private static final int MOST = 65_536;
    private static final int SMALL = 1000;
    private static final long BOOT_NANOS = 2_000_000_000L;
    private static final long LOOK_NANOS = 10_000;
    /** What a confirmed boot makes the ROM write has been written. */
    private static final long FLASH_NANOS = 50_000_000;

    private UpdateCases() {}

    static Stage stage() {
        return new Stage("updates", "Updates of the firmware", List.of(
                update("begin", "Sizes of an image that no slot takes",
                        Rule.guide(4, "UPDATE_BEGIN takes as many bytes as a slot has, and refuses none and more with status 5"),
                        UpdateCases::begin),
                update("lengths", "Parts of no size, too large, and beyond the image's end", PARTS, UpdateCases::lengths),
                update("offsets", "Parts with a gap, twice, and behind the end", PARTS, UpdateCases::offsets),
                update("unreachable", "Parts that DMA cannot reach",
                        Rule.guide(4, "A part that cannot be read is status 5, w1 DMA_FAULT, and may be sent again"),
                        UpdateCases::unreachable),
                update("without-begin", "Parts and an end without a begin", PARTS, UpdateCases::withoutBegin),
                update("short", "An end before the image is whole", FINISH, UpdateCases::tooShort),
                update("damaged", "A damaged image", FINISH, UpdateCases::damaged),
                update("whole", "A good image, in parts of odd sizes, and taken back", FINISH, UpdateCases::whole),
                Case.of("firmware.update.cut-trial", "A reset while the new image is tried",
                        Rule.guide(3, "A reset amid a trial: the active slot boots, and fell_back says so until the next update is ready"),
                        UpdateCases::cutTrial)));
    }

    private interface Body {
        void run(Update update);
    }

    private static Case update(String id, String title, Rule rule, Body body) {
        return Case.of("firmware.update." + id, title, rule, bench -> {
            Presence.require(bench, "flash");
            bench.booted();
            update(bench, update -> {
                body.run(update);
                update.takeBack();
            });
        });
    }

    /** On a device whose firmware runs. */
    private static void update(Bench bench, Body body) {
        byte[] image = Images.good();
        DmaMapping memory = bench.link().dma().allocate(Math.max(image.length, 2 * MOST), DmaAccess.DEVICE_READS);
        try (memory; FirmwareTalk talk = FirmwareTalk.begin(bench)) {
            Update update = new Update(bench, talk, memory, image);
            if (image.length > update.slotBytes()) {
                throw new SkippedException("the shipped image is larger than a slot");
            }
            update.load(image);
            body.run(update);
        }
    }

    private static void begin(Update update) {
        int slot = update.slotBytes();
        for (long wrong : new long[]{0, -1, slot + 1L, 1L << 32, Long.MIN_VALUE}) {
            update.ask(MessageStatus.BAD_ARGUMENT, MessageType.UPDATE_BEGIN, wrong);
        }
    }

    private static void lengths(Update update) {
        update.begin(MOST + SMALL);
        for (long wrong : new long[]{0, -1, MOST + 1, MOST + SMALL, 1L << 32 | SMALL, Long.MIN_VALUE}) {
            update.refuse(0, wrong);
        }
        update.part(0, MOST);
        for (long wrong : new long[]{SMALL + 1, MOST, 0, -1}) {
            update.refuse(MOST, wrong);
        }
        update.part(MOST, SMALL);
        update.refuse(MOST + SMALL, 1);
    }

    private static void offsets(Update update) {
        update.begin(4 * SMALL);
        for (long wrong : new long[]{1, SMALL, -1, 1L << 32}) {
            update.refuse(wrong, SMALL);
        }
        update.part(0, SMALL);
        for (long wrong : new long[]{0, SMALL - 1, SMALL + 1, 2 * SMALL, 1L << 32 | SMALL}) {
            update.refuse(wrong, SMALL);
        }
        update.part(SMALL, 3 * SMALL);
        update.refuse(4 * SMALL, SMALL);
    }

    private static void unreachable(Update update) {
        update.begin(SMALL);
        long nowhere = update.unmapped();
        Check.equal("w1 of a part that cannot be read", (long) BootError.DMA_FAULT.value(),
                update.ask(MessageStatus.BAD_ARGUMENT, MessageType.UPDATE_DATA, 0, nowhere, SMALL));
        update.part(0, SMALL);
    }

    private static void withoutBegin(Update update) {
        update.begin(SMALL);
        update.part(0, SMALL);
        update.ask(MessageStatus.BAD_ARGUMENT, MessageType.UPDATE_FINISH);
        // that was the end of this update, well or not
        update.refuse(0, SMALL);
        update.refuse(SMALL, SMALL);
        update.ask(MessageStatus.BAD_ARGUMENT, MessageType.UPDATE_FINISH);
    }

    private static void tooShort(Update update) {
        int all = update.image().length;
        update.begin(all);
        update.parts(all - 1, MOST);
        Check.equal("w1 of an end before the image is whole", (long) BootError.TRUNCATED.value(),
                update.ask(MessageStatus.BAD_ARGUMENT, MessageType.UPDATE_FINISH));
    }

    private static void damaged(Update update) {
        byte[] image = update.image().clone();
        image[image.length - 1] ^= 1;
        update.load(image);
        update.begin(image.length);
        update.parts(image.length, MOST);
        Check.equal("w1 of the end of an image with a bit flipped in its signature", (long) BootError.BAD_SIGNATURE.value(),
                update.ask(MessageStatus.BAD_ARGUMENT, MessageType.UPDATE_FINISH));
        Check.equal("flash.status.trying after an image that was refused", false, FlashRegs.Status.trying(update.status()));
    }

    private static void whole(Update update) {
        int all = update.image().length;
        int slot = update.begin(all);
        update.parts(all, MOST - 7);
        Check.equal("slot of the end, as of the begin", (long) slot, update.ask(MessageStatus.OK, MessageType.UPDATE_FINISH));
        int status = update.status();
        Check.equal("flash.status.trying after a good image", true, FlashRegs.Status.trying(status));
        Check.equal("the slot is valid", true, slot == 0 ? FlashRegs.Status.aValid(status) : FlashRegs.Status.bValid(status));
        update.takeBack();
        Check.equal("flash.status.trying after another begin", false, FlashRegs.Status.trying(update.status()));
    }

    private static void cutTrial(Bench bench) {
        Presence.require(bench, "flash");
        bench.booted();
        FlashRegs flash = bench.registers().flash();
        bench.distrust(); // whatever comes of it, the next case boots anew
        int before = flash.readStatus();
        boolean active = FlashRegs.Status.active(before);
        if (!(active ? FlashRegs.Status.bValid(before) : FlashRegs.Status.aValid(before))) {
            update(bench, Update::finish);
            bootFromFlash(bench);
            active = FlashRegs.Status.active(flash.readStatus());
        }
        update(bench, Update::finish);
        Check.equal("flash.status.fell_back when an update is ready", false, FlashRegs.Status.fellBack(flash.readStatus()));
        Check.equal("flash.status.trying when an update is ready", true, FlashRegs.Status.trying(flash.readStatus()));
        cutBoot(bench);
        for (String when : new String[]{"after a trial that was cut", "at the boot behind that"}) {
            bootFromFlash(bench);
            bench.link().runtime().sleep(FLASH_NANOS);
            int status = flash.readStatus();
            Check.equal("flash.status.active " + when, active, FlashRegs.Status.active(status));
            Check.equal("flash.status.booted " + when, true, FlashRegs.Status.booted(status));
            Check.equal("flash.status.booted_slot " + when, active, FlashRegs.Status.bootedSlot(status));
            Check.equal("flash.status.trying " + when, false, FlashRegs.Status.trying(status));
            Check.equal("flash.status.fell_back " + when, true, FlashRegs.Status.fellBack(status));
        }
        update(bench, update -> {
            update.finish();
            Check.equal("flash.status.fell_back when the next update is ready", false, FlashRegs.Status.fellBack(flash.readStatus()));
            update.takeBack();
        });
    }

    private static void bootFromFlash(Bench bench) {
        bench.function().resetMildly();
        BootOutcome outcome = bench.bare().boot().boot(new byte[0], ImageSource.FLASH);
        Check.that(outcome instanceof BootOutcome.Running, "firmware from flash runs", outcome.toString());
    }

    /** A boot from flash that a reset ends when the ROM has begun to take the image. */
    private static void cutBoot(Bench bench) {
        bench.function().resetMildly();
        Check.that(bench.bare().boot().awaitReady(), "ROM_READY", bench.bare().boot().state().toString());
        BootRegs boot = bench.registers().boot();
        boot.writeCommand(BootRegs.Command.withStart(BootRegs.Command.withSource(0, ImageSource.FLASH), true));
        LinkRuntime runtime = bench.link().runtime();
        long deadline = runtime.deadline(BOOT_NANOS);
        int state = BootRegs.Status.state(boot.readStatus());
        while (state == BootState.LOADING.value() && runtime.nanos() < deadline) {
            runtime.sleep(LOOK_NANOS);
            state = BootRegs.Status.state(boot.readStatus());
        }
        if (state != BootState.VERIFYING.value() && state != BootState.STARTING.value()) {
            throw new UnobservableException("the boot from flash was not seen between LOADING and RUNNING: state " + BootState.of(state));
        }
        bench.function().resetMildly();
    }

    /** The host's side of an update. */
    private record Update(Bench bench, FirmwareTalk talk, DmaMapping memory, byte[] image) {
        int slotBytes() {
            return bench.registers().flash().readSlotSize();
        }

        int status() {
            return bench.registers().flash().readStatus();
        }

        void load(byte[] content) {
            MemorySegment.copy(MemorySegment.ofArray(content), 0, memory.memory(), 0, content.length);
        }

        /** Asks, and tells the reply's w1. */
        long ask(MessageStatus expected, MessageType type, long... words) {
            return talk.ask(expected, type, words).words()[1];
        }

        /** Returns the slot. */
        int begin(int bytes) {
            int booted = status();
            long slot = ask(MessageStatus.OK, MessageType.UPDATE_BEGIN, bytes);
            boolean used = FlashRegs.Status.booted(booted) ? FlashRegs.Status.bootedSlot(booted) : FlashRegs.Status.active(booted);
            Check.equal("the slot that is written, which is not in use", used ? 0L : 1L, slot);
            return (int) slot;
        }

        void part(long offset, int bytes) {
            ask(MessageStatus.OK, MessageType.UPDATE_DATA, offset, memory.iova() + Math.min(offset, MOST), bytes);
        }

        void refuse(long offset, long bytes) {
            ask(MessageStatus.BAD_ARGUMENT, MessageType.UPDATE_DATA, offset, memory.iova(), bytes);
        }

        /** The first bytes of what was loaded, in order. */
        void parts(int all, int most) {
            for (int offset = 0; offset < all; offset += most) {
                ask(MessageStatus.OK, MessageType.UPDATE_DATA, offset, memory.iova() + offset, Math.min(most, all - offset));
            }
        }

        /** Writes the whole image and has it verified: the next boot from flash tries it. */
        void finish() {
            begin(image.length);
            parts(image.length, MOST);
            ask(MessageStatus.OK, MessageType.UPDATE_FINISH);
        }

        /** Where nothing is mapped. */
        long unmapped() {
            DmaMapping gone = bench.link().dma().allocate(SMALL, DmaAccess.DEVICE_READS);
            long iova = gone.iova();
            gone.close();
            return iova;
        }

        /** Nothing is left to be tried, and no update is under way that anybody could go on with. */
        void takeBack() {
            ask(MessageStatus.OK, MessageType.UPDATE_BEGIN, 1);
        }
    }
}
