package dev.openppu.model.firmware;

import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.reg.BootError;
import dev.openppu.model.firmware.board.Board;
import dev.openppu.model.firmware.flash.FirmwareSlots;
import dev.openppu.model.firmware.flash.FlashLayout;
import dev.openppu.model.firmware.flash.FlashPort;
import dev.openppu.model.firmware.flash.SlotState;
import dev.openppu.model.firmware.flash.SlotState.Trial;
import dev.openppu.model.reg.FlashRegs;
import dev.openppu.model.reg.PpuBar0Regs;
import java.lang.foreign.MemorySegment;

/**
 * Writes a new image into the slot that the device could do without, and has the ROM try it. One step at a time: each waits until the flash has nothing left to do.
 */
final class Updater {
    /** Bytes that one UPDATE_DATA may bring. */
    static final int MOST_BYTES = 64 << 10;

    private static final int NONE = -1;

    private final Board board;
    private final FlashRegs registers;
    private final FlashPort flash;
    private final FlashSteps steps;
    private final FirmwareSlots slots;
    private final FirmwareLog log;
    private int slot = NONE;
    private int bytes;
    private int written;

    Updater(Board board, PpuBar0Regs registers, FirmwareLog log) {
        this.board = board;
        this.registers = registers.flash();
        this.flash = board.flash();
        this.steps = new FlashSteps(flash);
        this.slots = new FirmwareSlots(flash);
        this.log = log;
    }

    /** A step is under way. */
    boolean busy() {
        return steps.busy();
    }

    /** The board's FLASH line. */
    void flashIdle() {
        steps.flashIdle();
    }

    void begin(long imageBytes, Commands.Answer answer) {
        if (imageBytes <= 0 || imageBytes > registers.readSlotSize()) {
            answer.give(MessageStatus.BAD_ARGUMENT);
            return;
        }
        steps.whenIdle(() -> {
            SlotState state = slots.state();
            slot = 1 - kept(state);
            bytes = (int) imageBytes;
            written = 0;
            if (state.trial() != Trial.NONE) {
                slots.write(state.with(Trial.NONE));
            }
            slots.erase(slot, bytes);
            steps.whenIdle(() -> answer.give(MessageStatus.OK, slot));
        });
    }

    void data(long offset, long iova, long length, Commands.Answer answer) {
        if (slot == NONE || offset != written || length <= 0 || length > MOST_BYTES || length > bytes - written) {
            answer.give(MessageStatus.BAD_ARGUMENT);
            return;
        }
        byte[] part = new byte[(int) length];
        if (!board.readHost(iova, MemorySegment.ofArray(part))) {
            answer.give(MessageStatus.BAD_ARGUMENT, BootError.DMA_FAULT.value());
            return;
        }
        steps.whenIdle(() -> {
            slots.write(slot, written, part);
            written += part.length;
            steps.whenIdle(() -> answer.give(MessageStatus.OK));
        });
    }

    void finish(Commands.Answer answer) {
        if (slot == NONE || written != bytes) {
            answer.give(MessageStatus.BAD_ARGUMENT, BootError.TRUNCATED.value());
            return;
        }
        int done = slot;
        slot = NONE;
        steps.whenIdle(() -> {
            byte[] image = new byte[bytes];
            flash.read(FlashLayout.slot(done), image);
            BootError error = board.judge(image);
            if (error != BootError.NONE) {
                log.warning("update of slot %s refused: %s".formatted(name(done), error));
                answer.give(MessageStatus.BAD_ARGUMENT, error.value());
                return;
            }
            slots.write(new SlotState(1 - done, Trial.WANTED, false));
            steps.whenIdle(() -> {
                log.information("slot %s updated, to be tried at the next boot from flash".formatted(name(done)));
                answer.give(MessageStatus.OK, done);
            });
        });
    }

    /** The slot that the device boots from if the update comes to nothing. */
    private int kept(SlotState state) {
        return board.bootedSlot().orElseGet(() -> !boots(state.active()) && boots(state.other()) ? state.other() : state.active());
    }

    private boolean boots(int number) {
        return board.judge(slots.image(number)) == BootError.NONE;
    }

    private static String name(int number) {
        return number == 0 ? "A" : "B";
    }
}
