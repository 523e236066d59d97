package dev.openppu.model.firmware;

import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.model.firmware.board.Board;
import dev.openppu.model.firmware.flash.FlashLayout;
import dev.openppu.model.firmware.flash.RecordPair;
import dev.openppu.model.reg.IdRegs;
import dev.openppu.model.reg.InterruptsRegs;
import dev.openppu.model.reg.MemoryRegs;
import dev.openppu.model.reg.PpuBar0Regs;
import dev.openppu.model.reg.RetirementRegs;
import dev.openppu.model.reg.RetirementRegs.Entry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * The list of retired pages. A page that errors made bad is pending, because somebody may be using it: until the host says that it no longer does (RETIRE_PAGE), or
 * until the next reset. The list is kept in flash; what stands there when the firmware starts is in effect.
 */
final class Retirement {
    private static final long PAGE_BYTES = 4096;

    private final PpuBar0Regs registers;
    private final MemoryRegs memory;
    private final RetirementRegs shown;
    private final FirmwareLog log;
    private final FlashSteps steps;
    private final RecordPair records;
    private final boolean present;
    private final boolean lasting;
    private final long[] entries = new long[RetirementRegs.ENTRY_COUNT];
    private int count;
    private boolean changed;
    private Runnable afterwards = () -> {};

    Retirement(Board board, PpuBar0Regs registers, FirmwareLog log) {
        this.registers = registers;
        this.memory = registers.memory();
        this.shown = registers.retirement();
        this.log = log;
        this.steps = new FlashSteps(board.flash());
        this.records = new RecordPair(board.flash(), FlashLayout.RETIREMENT_RECORDS);
        this.present = IdRegs.Capabilities.ecc(registers.id().readCapabilities());
        this.lasting = registers.flash().readSlotSize() != 0;
    }

    /** Takes up what earlier runs have retired. */
    void load() {
        if (present && lasting) {
            records.read().ifPresent(content -> {
                ByteBuffer list = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
                while (list.remaining() >= Long.BYTES && count < entries.length) {
                    entries[count++] = list.getLong();
                }
            });
            show();
        }
    }

    /** A change is being written. */
    boolean busy() {
        return steps.busy();
    }

    /** The board's FLASH line. */
    void flashIdle() {
        steps.flashIdle();
    }

    /** Errors have made a page bad. */
    void errors(long address, boolean twoBits) {
        if (!present || find(address) >= 0) {
            return;
        }
        long page = address & Entry.PAGE_MASK;
        if (count == entries.length) {
            log.error(String.format(Locale.ROOT, "page 0x%x cannot be retired: the list of %d is full", page, count));
            return;
        }
        add(Entry.withPending(entry(page, twoBits), true));
        log.warning("page 0x%x retired after %s, pending".formatted(page, twoBits ? "an uncorrectable error" : "many corrected errors"));
        persist(() -> {});
    }

    /** The host does not use a page any more. */
    void command(long address, long cause, Commands.Answer answer) {
        long usable = memory.readSize() - Integer.toUnsignedLong(memory.readReserved()) * PAGE_BYTES;
        int at = find(address);
        boolean bad = !present || address < 0 || address >= usable || cause < 0 || cause > 1;
        if (bad || at < 0 && count == entries.length) {
            answer.give(MessageStatus.BAD_ARGUMENT);
            return;
        }
        if (at < 0) {
            add(entry(address & Entry.PAGE_MASK, cause == 1));
            log.information("page 0x%x retired by the host".formatted(address & Entry.PAGE_MASK));
        } else if (Entry.pending(entries[at])) {
            entries[at] = Entry.withPending(entries[at], false);
            log.information("page 0x%x is out of use".formatted(address & Entry.PAGE_MASK));
            show();
        }
        persist(() -> answer.give(MessageStatus.OK));
    }

    private static long entry(long page, boolean twoBits) {
        return Entry.withCause(Entry.withValid(page, true), twoBits);
    }

    private void add(long entry) {
        entries[count++] = entry;
        show();
        registers.interrupts().writeRaw(InterruptsRegs.Raw.ECC_MASK);
    }

    private int find(long address) {
        for (int i = 0; i < count; i++) {
            if ((entries[i] & Entry.PAGE_MASK) == (address & Entry.PAGE_MASK)) {
                return i;
            }
        }
        return -1;
    }

    private void show() {
        int pending = 0;
        for (int i = 0; i < count; i++) {
            shown.writeEntry(i, entries[i]);
            pending += Entry.pending(entries[i]) ? 1 : 0;
        }
        memory.writeRetired(MemoryRegs.Retired.withPending(MemoryRegs.Retired.withPages(0, count), pending));
    }

    /** Has the list written; changes that come while it is being written are written after it. */
    private void persist(Runnable then) {
        changed = true;
        if (steps.busy()) {
            afterwards = both(afterwards, then);
        } else {
            write(then);
        }
    }

    private static Runnable both(Runnable first, Runnable second) {
        return () -> {
            first.run();
            second.run();
        };
    }

    private void write(Runnable then) {
        if (!lasting) {
            then.run();
            return;
        }
        steps.whenIdle(() -> {
            changed = false;
            records.write(encode());
            steps.whenIdle(() -> {
                then.run();
                Runnable waiting = afterwards;
                afterwards = () -> {};
                if (changed) {
                    write(waiting);
                } else {
                    waiting.run();
                }
            });
        });
    }

    private byte[] encode() {
        ByteBuffer list = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            list.putLong(Entry.withPending(entries[i], false));
        }
        return list.array();
    }
}
