package dev.openppu.model.firmware;

import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.abi.firmware.MessageAbi;
import dev.openppu.model.firmware.board.Board;
import dev.openppu.model.reg.FwRegs;
import dev.openppu.model.reg.InterruptsRegs;
import dev.openppu.model.reg.PpuBar0Regs;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Firmware to host: replies and events. What does not fit into the ring waits here until the host has taken something; a slot is never overwritten before.
 */
final class EventRing implements Task {
    /** Events that wait; beyond this, events are dropped (the error log has them all), replies never. */
    private static final int MOST_WAITING_EVENTS = 256;

    private final Board board;
    private final FwRegs registers;
    private final InterruptsRegs interrupts;
    private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
    private final MemorySegment slot = MemorySegment.ofArray(new long[FirmwareMessage.BYTES / Long.BYTES]);
    private @Nullable RingLayout layout;
    private int tail;
    private int sequence;
    private int abi = new MessageAbi.Agreed(MessageAbi.CURRENT.highestMajor(), MessageAbi.CURRENT.highestMinor()).pack();

    EventRing(Board board, PpuBar0Regs registers) {
        this.board = board;
        this.registers = registers.fw();
        this.interrupts = registers.interrupts();
    }

    /** Begins anew on rings that the host has just enabled; returns whether they are others than before. */
    boolean open(RingLayout wanted) {
        if (wanted.equals(layout)) {
            return false;
        }
        close();
        layout = wanted;
        return true;
    }

    /** The host has taken the rings away: what was said is forgotten, events that wait are kept. */
    void close() {
        layout = null;
        tail = 0;
        sequence = 0;
        registers.writeEventTail(0);
        waiting.removeIf(Outgoing::isReply);
    }

    /** The version that messages carry from now on. */
    void agree(MessageAbi.Agreed agreed) {
        abi = agreed.pack();
    }

    /** Queues a message; it goes out when this task runs and the ring has room. */
    void send(Outgoing message) {
        if (message.isReply() || waiting.size() < MOST_WAITING_EVENTS) {
            waiting.add(message);
        }
    }

    /** Replies that the host has not made room for. */
    boolean congested() {
        return layout != null && waiting.size() >= layout.messages();
    }

    @Override
    public void run() {
        RingLayout ring = layout;
        if (ring == null) {
            return;
        }
        boolean sent = false;
        while (!waiting.isEmpty() && hasRoom(ring)) {
            int next = FirmwareMessage.nextSequence(sequence);
            waiting.element().encode(slot, next, abi);
            if (!board.writeHost(ring.event(tail), slot)) {
                break;
            }
            waiting.remove();
            sequence = next;
            tail++;
            sent = true;
        }
        if (sent) {
            registers.writeEventTail(tail);
            interrupts.writeRaw(InterruptsRegs.Raw.FW_EVENT_MASK);
        }
    }

    /** A head that is ahead of the tail, or more than a ring behind, leaves no room: nothing is overwritten for it. */
    private boolean hasRoom(RingLayout ring) {
        return Integer.compareUnsigned(tail - registers.readEventHead(), ring.messages()) < 0;
    }
}
