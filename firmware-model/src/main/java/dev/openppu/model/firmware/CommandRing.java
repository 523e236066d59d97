package dev.openppu.model.firmware;

import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.model.firmware.board.Board;
import dev.openppu.model.reg.FwRegs;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Host to firmware: takes commands in order, one at a time. A command that takes long holds the ring; so do replies that the host does not take.
 */
final class CommandRing implements Task {
    private final Board board;
    private final FwRegs registers;
    private final EventRing events;
    private final Commands commands;
    private final Runnable replied;
    private final MemorySegment message = MemorySegment.ofArray(new long[FirmwareMessage.BYTES / Long.BYTES]);
    private @Nullable RingLayout layout;
    private int head;
    private int expected;
    private int closings;

    CommandRing(Board board, FwRegs registers, EventRing events, Commands commands, Runnable replied) {
        this.board = board;
        this.registers = registers;
        this.events = events;
        this.commands = commands;
        this.replied = replied;
    }

    /** Begins anew on rings that the host has just enabled; HELLO must be said again. */
    void open(RingLayout ring) {
        close();
        layout = ring;
    }

    /** The host has taken the rings away: what was said on them is not answered any more. */
    void close() {
        closings++;
        layout = null;
        head = 0;
        expected = FirmwareMessage.FIRST_SEQUENCE;
        registers.writeCommandHead(0);
        commands.forgetHost();
    }

    @Override
    public void run() {
        RingLayout ring = layout;
        while (ring != null && FwRegs.RingControl.enable(registers.readRingControl()) && !commands.busy() && !events.congested()
                && waiting(ring)) {
            if (!board.readHost(ring.command(head), message)) {
                return;
            }
            head++;
            registers.writeCommandHead(head);
            take();
            replied.run();
        }
    }

    /** There is a command; a count that no ring could hold is the host's mistake, and nothing is read for it. */
    private boolean waiting(RingLayout ring) {
        int count = registers.readCommandTail() - head;
        return count != 0 && Integer.compareUnsigned(count, ring.messages()) <= 0;
    }

    private void take() {
        int type = FirmwareMessage.type(message, 0);
        int sequence = FirmwareMessage.sequence(message, 0);
        if (!FirmwareMessage.intact(message, 0)) {
            refuse(type, sequence, MessageStatus.BAD_CHECKSUM);
            expected = FirmwareMessage.nextSequence(expected);
        } else if (sequence != expected) {
            refuse(type, sequence, MessageStatus.BAD_SEQUENCE);
            expected = FirmwareMessage.nextSequence(sequence);
        } else {
            expected = FirmwareMessage.nextSequence(sequence);
            int ring = closings;
            commands.handle(message, reply -> {
                if (ring == closings) {
                    events.send(reply);
                    replied.run();
                }
            }, events::agree);
        }
    }

    private void refuse(int type, int sequence, MessageStatus status) {
        commands.countBad();
        events.send(Outgoing.reply(type | MessageType.REPLY, sequence, status));
    }
}
