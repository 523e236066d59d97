package dev.openppu.model.command;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.VendorPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.model.agenda.Agenda;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Packets that the command processor does itself: barriers and WAIT_VALUE, which hold their queue until memory has the right values, WRITE_VALUE and TIMESTAMP.
 *
 * <p>What is waited for is looked at again when the device has written a signal, and every few microseconds for what the host writes. The pauses grow with the time that was waited
 * already, so that a look is late by a sixteenth of it at most once they are long, and a wait of seconds costs a model in real time little.
 */
final class Waiter {
    private static final long FIRST_PAUSE = 1_000;
    /** Pauses double until here. */
    private static final long LONG_PAUSE = 50_000;
    private static final long LONGEST_PAUSE = 1_000_000;
    /** Part of the time waited that a long pause takes. */
    private static final long PATIENCE = 16;

    private final Agenda agenda;
    private final SignalPort port;
    private final Consumer<Queue> ready;
    private final List<Queue> waiting = new ArrayList<>();
    private boolean polling;
    private long pause = FIRST_PAUSE;
    private long series;
    private long since;

    /** What looking at memory showed. */
    private enum Look {
        MET,
        UNMET,
        FAULT,
        /** A dependency failed. */
        FAILED
    }

    /** @param ready has a queue served again */
    Waiter(Agenda agenda, SignalPort port, Consumer<Queue> ready) {
        this.agenda = agenda;
        this.port = port;
        this.ready = ready;
    }

    /** Does what the queue's held packet says, or leaves it held until later; returns whether it is no longer held. */
    boolean run(Queue queue, Packet packet) {
        switch (perform(packet)) {
            case MET -> packet.completed();
            case FAULT -> packet.failed(WorkFault.operand(Engine.CP, port.fault()));
            case FAILED -> queue.dependencyFailed(packet);
            case UNMET -> {
                boolean value = AqlHeader.type(packet.header()) == AqlHeader.TYPE_VENDOR;
                queue.looked();
                queue.show(QueueState.WAITING, value ? QueueHold.VALUE : QueueHold.DEPENDENCY);
                if (packet.firstLook()) {
                    hurry();
                }
                if (!waiting.contains(queue)) {
                    waiting.add(queue);
                }
                poll();
                return false;
            }
        }
        return true;
    }

    /** The device wrote memory: waiting queues look again. */
    void lookAgain() {
        if (!waiting.isEmpty()) {
            waiting.forEach(ready);
            waiting.clear();
        }
    }

    /** The queue waits no more. */
    void forget(Queue queue) {
        waiting.remove(queue);
    }

    void reset() {
        waiting.clear();
        polling = false;
    }

    /** Begins with short pauses again. */
    private void hurry() {
        pause = FIRST_PAUSE;
        polling = false;
        since = agenda.nanos();
        series++;
    }

    private void poll() {
        if (polling) {
            return;
        }
        polling = true;
        long number = series;
        agenda.afterAbout(pause, pause / 4 + 1, "cp.poll", () -> {
            if (number == series) {
                polling = false;
                pause = Math.max(Math.min(pause * 2, LONG_PAUSE), Math.min((agenda.nanos() - since) / PATIENCE, LONGEST_PAUSE));
                lookAgain();
            }
        });
    }

    private Look perform(Packet packet) {
        int word = packet.header();
        return switch (AqlHeader.type(word)) {
            case AqlHeader.TYPE_BARRIER_AND -> barrier(packet, true);
            case AqlHeader.TYPE_BARRIER_OR -> barrier(packet, false);
            default -> switch (VendorPacket.format(word)) {
                case VendorPacket.FORMAT_WAIT_VALUE -> waitValue(packet);
                case VendorPacket.FORMAT_WRITE_VALUE -> writeValue(packet);
                default -> timestamp(packet);
            };
        };
    }

    /**
     * HSA Runtime, "Barrier-AND and barrier-OR packets": a dependency is met when 0 has been seen, and dependencies need not be seen met all at the same time. One that is named by no
     * address is met to barrier-and, and never met to barrier-or. A negative value is a failure, which ends the barrier.
     */
    private Look barrier(Packet packet, boolean all) {
        int named = 0;
        int met = packet.dependenciesMet();
        boolean failed = false;
        for (int i = 0; i < BarrierPacket.DEPENDENCIES; i++) {
            long signal = BarrierPacket.dependency(packet.bytes(), 0, i);
            if (signal != 0) {
                named |= 1 << i;
                if ((met >>> i & 1) == 0) {
                    if (!port.load(packet.context(), signal, Long.BYTES)) {
                        return Look.FAULT;
                    }
                    met |= port.loaded() == 0 ? 1 << i : 0;
                    failed |= port.loaded() < 0;
                }
            }
        }
        packet.dependenciesMet(met);
        if (all ? met == named : met != 0) {
            return Look.MET;
        }
        return failed ? Look.FAILED : Look.UNMET;
    }

    private Look waitValue(Packet packet) {
        MemorySegment bytes = packet.bytes();
        int control = WaitValuePacket.control(bytes, 0);
        if (!port.load(packet.context(), WaitValuePacket.address(bytes, 0), PacketRules.width(control))) {
            return Look.FAULT;
        }
        return WaitValuePacket.met(control, port.loaded(), WaitValuePacket.reference(bytes, 0)) ? Look.MET : Look.UNMET;
    }

    private Look writeValue(Packet packet) {
        MemorySegment bytes = packet.bytes();
        int width = PacketRules.width(WriteValuePacket.control(bytes, 0));
        return port.store(packet.context(), WriteValuePacket.address(bytes, 0), width, WriteValuePacket.value(bytes, 0))
                ? Look.MET
                : Look.FAULT;
    }

    private Look timestamp(Packet packet) {
        return port.store(packet.context(), TimestampPacket.address(packet.bytes(), 0), Long.BYTES, agenda.nanos()) ? Look.MET : Look.FAULT;
    }
}
