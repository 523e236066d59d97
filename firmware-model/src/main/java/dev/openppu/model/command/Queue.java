package dev.openppu.model.command;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.model.interrupt.VectorGate;
import dev.openppu.model.memory.VirtualPort;
import dev.openppu.model.reg.QueueRegs;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One hardware queue: takes packets from its ring, holds the one whose turn has not come, starts it, and ends it.
 *
 * <p>Disabled → enabled → (error) → disabled. Disabling lets packets in flight end; an error, or the end of the context, cancels them. A queue that was enabled
 * again while it still had packets in flight begins when they have ended.
 */
final class Queue {
    /** Packets of one queue that may be in flight at once. */
    static final int MOST_IN_FLIGHT = 8;

    private final int number;
    private final QueueRegs registers;
    private final CommandProcessor processor;
    private final VectorGate gate;
    private final Packet[] packets = new Packet[MOST_IN_FLIGHT];
    private QueueSetup setup = QueueSetup.NONE;
    private Phase phase = Phase.DISABLED;
    private boolean enableWanted;
    private long readIndex;
    private long doorbell;
    private int inFlight;
    private @Nullable Packet held;

    private enum Phase {
        DISABLED, ENABLED, STOPPING, ERROR
    }

    Queue(int number, QueueRegs registers, CommandProcessor processor, VectorGate gate, MemorySegment packetMemory) {
        this.number = number;
        this.registers = registers;
        this.processor = processor;
        this.gate = gate;
        for (int i = 0; i < MOST_IN_FLIGHT; i++) {
            packets[i] = new Packet(this, packetMemory.asSlice((long) i * AqlHeader.PACKET_BYTES, AqlHeader.PACKET_BYTES));
        }
    }

    int number() {
        return number;
    }

    int context() {
        return setup.context();
    }

    boolean highPriority() {
        return setup.highPriority();
    }

    QueueSetup setup() {
        return setup;
    }

    /** Packets are processed. */
    boolean enabled() {
        return phase == Phase.ENABLED;
    }

    /** Nothing of this queue is under way. */
    boolean quiet() {
        return inFlight == 0;
    }

    /** Index of the next packet to take. */
    long readIndex() {
        return readIndex;
    }

    /** The packet that was taken and waits for its turn. */
    @Nullable
    Packet held() {
        return held;
    }

    /** Software wrote {@code control}. */
    void controlWritten(int control) {
        enableWanted = QueueRegs.Control.enable(control);
        if (enableWanted && phase == Phase.DISABLED) {
            begin();
        } else if (!enableWanted && (phase == Phase.ENABLED || phase == Phase.ERROR)) {
            stop();
        }
    }

    /** Software rang the doorbell. */
    void rung(long value) {
        if (phase != Phase.ENABLED) {
            return;
        }
        if (!setup.multiProducer() && value - doorbell < 0) {
            fail(readIndex, WorkFault.packet(QueueError.DOORBELL_BACK, value));
            return;
        }
        doorbell = value;
        processor.ready(this);
    }

    /** A free place for another packet, or null while all are in flight. */
    @Nullable
    Packet free() {
        for (Packet packet : packets) {
            if (!packet.busy()) {
                return packet;
            }
        }
        return null;
    }

    /** The packet at the read index has been copied; the caller has told the host. */
    void taken(Packet packet, int word) {
        packet.take(readIndex, word);
        readIndex++;
        registers.writeReadIndex(readIndex);
        held = packet;
        inFlight++;
    }

    /** Whether every packet before the held one has ended. */
    boolean heldIsOldest() {
        return inFlight == 1;
    }

    /** The held packet has been started; it ends by itself. */
    void started() {
        held = null;
    }

    /** Shows what the queue is doing. */
    void show(QueueState state) {
        if (phase == Phase.ENABLED) {
            registers.writeStatus(QueueRegs.Status.withException(QueueRegs.Status.withState(0, state), DeviceException.NONE));
        }
    }

    /** A packet's work is done: signal, interrupt. */
    void completed(Packet packet) {
        if (packet.cancelled()) {
            abandoned(packet);
            return;
        }
        long signal = packet.completionSignal();
        if (signal != 0) {
            VirtualPort port = processor.port();
            if (!port.loadForUpdate(context(), signal, Signal.BYTES) || !port.store(context(), signal, Signal.BYTES, port.loaded() - 1)) {
                failed(packet, WorkFault.operand(dev.openppu.abi.reg.Engine.CP, port.fault()));
                return;
            }
            interrupt();
        }
        processor.countPacket();
        end(packet);
        processor.ready(this);
        processor.signalsChanged();
    }

    /** A packet's work has failed. */
    void failed(Packet packet, WorkFault fault) {
        boolean wasCancelled = packet.cancelled();
        storeFailure(packet);
        long index = packet.index();
        end(packet);
        if (!wasCancelled) {
            fail(index, fault);
        }
    }

    /** A cancelled packet's work has ended. */
    void abandoned(Packet packet) {
        storeFailure(packet);
        end(packet);
    }

    /** The queue itself cannot go on, or one of its packets has failed. */
    void fail(long packetIndex, WorkFault fault) {
        enterError(packetIndex, fault.error(), fault.exception(), fault.address());
        processor.failed(this, fault);
    }

    /** Another queue of the context has failed, or the context is being killed: whatever is in flight is abandoned. */
    void lose() {
        if (phase == Phase.ENABLED) {
            enterError(readIndex, QueueError.CONTEXT_LOST, DeviceException.NONE, 0);
        } else {
            cancelInFlight();
        }
    }

    /** Forgets everything, as a reset does. */
    void reset() {
        for (Packet packet : packets) {
            packet.release();
        }
        setup = QueueSetup.NONE;
        phase = Phase.DISABLED;
        enableWanted = false;
        readIndex = 0;
        inFlight = 0;
        held = null;
        gate.reset();
    }

    private void begin() {
        setup = QueueSetup.read(registers);
        phase = Phase.ENABLED;
        readIndex = 0;
        doorbell = -1;
        registers.writeReadIndex(0);
        registers.writeErrorPacket(0);
        registers.writeErrorAddress(0);
        show(QueueState.IDLE);
        if (setup.usable()) {
            processor.ready(this);
        } else {
            fail(0, WorkFault.packet(QueueError.RING_FAULT, setup.ring()));
        }
    }

    private void stop() {
        phase = Phase.STOPPING;
        dropHeld();
        settle();
    }

    private void enterError(long packetIndex, QueueError error, int exception, long address) {
        phase = Phase.ERROR;
        int status = QueueRegs.Status.withError(QueueRegs.Status.withState(0, QueueState.ERROR), error);
        registers.writeStatus(QueueRegs.Status.withException(status, exception));
        registers.writeErrorPacket(packetIndex);
        registers.writeErrorAddress(address);
        dropHeld();
        cancelInFlight();
    }

    private void cancelInFlight() {
        for (Packet packet : packets) {
            if (packet.busy() && !packet.cancelled()) {
                packet.cancel();
            }
        }
    }

    private void dropHeld() {
        Packet packet = held;
        held = null;
        if (packet != null) {
            packet.cancel();
            abandoned(packet);
        }
    }

    private void end(Packet packet) {
        packet.release();
        inFlight--;
        if (held == packet) {
            held = null;
        }
        settle();
    }

    /** A stopped queue whose last packet has ended is disabled, and begins anew if software has asked for that meanwhile. */
    private void settle() {
        if (inFlight == 0 && phase == Phase.STOPPING) {
            phase = Phase.DISABLED;
            readIndex = 0;
            registers.writeReadIndex(0);
            registers.writeStatus(QueueRegs.Status.withState(0, QueueState.DISABLED));
            if (enableWanted) {
                begin();
            }
        }
        if (inFlight == 0) {
            processor.quieted();
        }
    }

    private void storeFailure(Packet packet) {
        long signal = packet.completionSignal();
        // a signal that cannot be reached is one more fault of a context that is lost already
        if (signal != 0 && signal % Signal.BYTES == 0 && processor.port().store(context(), signal, Signal.BYTES, Signal.FAILED)) {
            interrupt();
            processor.signalsChanged();
        }
    }

    private void interrupt() {
        if (setup.interrupts()) {
            gate.request(setup.vector(), setup.moderation());
        }
    }
}
