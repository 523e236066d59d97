package dev.openppu.model.command;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.model.interrupt.VectorGate;
import dev.openppu.model.reg.QueueRegs;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One hardware queue: takes packets from its ring, holds the one whose turn has not come, starts it, and ends it.
 *
 * <p>Disabled → enabled → (error) → disabled. Disabling lets packets in flight end; an error, the end of the context, or a reset of the queue cancels them. A
 * queue that was enabled again while it still had packets in flight begins when they have ended.
 */
final class Queue {
    /** Packets of one queue that may be in flight at once. */
    static final int MOST_IN_FLIGHT = 8;
    private static final int MOST_LOOKS = 0xffff;

    private final int number;
    private final QueueRegs registers;
    private final CommandProcessor processor;
    private final PacketEnds ends;
    private final QueueStatus status = new QueueStatus();
    private final Intake intake;
    private final QueueReset reset;
    private final Packet[] packets = new Packet[MOST_IN_FLIGHT];
    private QueueSetup setup = QueueSetup.NONE;
    /** Volatile, with the next: who looks for doorbells asks without the device's exclusion. */
    private volatile Phase phase = Phase.DISABLED;
    private volatile boolean enableWanted;
    private long readIndex;
    private long readIndexPosted;
    private long doorbell;
    private long progress;
    private int life;
    private int looks;
    private int inFlight;
    private @Nullable Packet held;

    private enum Phase {
        DISABLED, ENABLED, STOPPING, RESETTING, ERROR
    }

    /** What a queue is made of. */
    record Parts(QueueRegs registers, VectorGate gate, MemorySegment packetMemory, MemorySegment intakeMemory) {}

    Queue(int number, CommandProcessor processor, Parts parts) {
        this.number = number;
        this.registers = parts.registers();
        this.processor = processor;
        this.ends = new PacketEnds(this, processor, parts.gate());
        this.intake = new Intake(parts.intakeMemory());
        this.reset = new QueueReset(this, processor.resetTimer());
        for (int i = 0; i < MOST_IN_FLIGHT; i++) {
            packets[i] = new Packet(this, parts.packetMemory().asSlice((long) i * AqlHeader.PACKET_BYTES, AqlHeader.PACKET_BYTES));
        }
    }

    int number() {
        return number;
    }

    int context() {
        return setup.context();
    }

    int priority() {
        return setup.priority();
    }

    QueueSetup setup() {
        return setup;
    }

    Intake intake() {
        return intake;
    }

    /** Packets are processed. */
    boolean enabled() {
        return phase == Phase.ENABLED;
    }

    /** It hears its doorbell, or will by itself when what is in flight has ended. */
    boolean listens() {
        return phase == Phase.ENABLED || enableWanted;
    }

    /** Nothing of this queue is under way. */
    boolean quiet() {
        return inFlight == 0;
    }

    /** Index of the next packet to take. */
    long readIndex() {
        return readIndex;
    }

    /** Counts how often it was stopped or begun. */
    int life() {
        return life;
    }

    /** What {@code progress} shows. */
    long progress() {
        return QueueRegs.Progress.withLooks(QueueRegs.Progress.withCount(0, progress), looks);
    }

    /** It was looked at what the held packet waits for, in vain. */
    void looked() {
        looks = looks % MOST_LOOKS + 1;
    }

    void progressed() {
        progress++;
    }

    /** The packet that was taken and waits for its turn. */
    @Nullable
    Packet held() {
        return held;
    }

    // ---------------------------------------------------------------- what software does

    /** Software wrote {@code control}. */
    void controlWritten(int control) {
        if (QueueRegs.Control.reset(control)) {
            beginReset();
            return;
        }
        if (phase == Phase.RESETTING) {
            return;
        }
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
        processor.heard(this);
    }

    /** What {@code queue.status} shows. */
    int status() {
        boolean aside = false;
        for (Packet packet : packets) {
            aside |= packet.isPutAside();
        }
        return status.value(phase == Phase.ENABLED, aside, reset);
    }

    // ---------------------------------------------------------------- packets

    /** A free place for another packet, or null while all are in flight. */
    @Nullable
    Packet free() {
        if (inFlight < MOST_IN_FLIGHT) {
            for (Packet packet : packets) {
                if (!packet.busy()) {
                    return packet;
                }
            }
        }
        return null;
    }

    /** The packet at the read index has been copied, and its slot given back. */
    void taken(Packet packet, int word, MemorySegment line) {
        packet.take(readIndex, word, line);
        readIndex++;
        progress++;
        held = packet;
        inFlight++;
    }

    /** The read index, if the host has not been told of it yet; -1 if it has. */
    long readIndexToPost() {
        if (readIndex == readIndexPosted) {
            return -1;
        }
        readIndexPosted = readIndex;
        return readIndex;
    }

    /** Whether every packet before the held one has ended. */
    boolean heldIsOldest() {
        return inFlight == 1;
    }

    /** The held packet has been started; it ends by itself. */
    void started() {
        held = null;
    }

    /** Notes what the queue is doing. */
    void show(QueueState now, QueueHold why) {
        if (phase == Phase.ENABLED) {
            status.show(now, why);
        }
    }

    /** A packet's work is done. */
    void completed(Packet packet) {
        if (packet.cancelled()) {
            abandoned(packet);
        } else if (!processor.delays(packet)) {
            complete(packet);
        } else if (held == packet) {
            held = null;
        }
    }

    /** Signal, interrupt, and the packet has ended. */
    void complete(Packet packet) {
        if (ends.tellDone(packet)) {
            ended(packet);
        } else {
            failed(packet, WorkFault.operand(Engine.CP, processor.signals().fault()));
        }
    }

    private void ended(Packet packet) {
        progress++;
        processor.countPacket();
        end(packet);
        processor.ready(this);
        processor.signalsChanged();
    }

    /** A barrier has ended because a dependency failed: its signal says so, and the queue goes on. */
    void dependencyFailed(Packet packet) {
        if (ends.tellDependencyFailed(packet)) {
            ended(packet);
        } else {
            failed(packet, WorkFault.operand(Engine.CP, processor.signals().fault()));
        }
    }

    /** A packet's work has failed. */
    void failed(Packet packet, WorkFault fault) {
        boolean wasCancelled = packet.cancelled();
        ends.tellFailed(packet);
        long index = packet.index();
        end(packet);
        if (!wasCancelled) {
            fail(index, fault);
        }
    }

    /** A cancelled packet's work has ended. */
    void abandoned(Packet packet) {
        ends.tellFailed(packet);
        end(packet);
    }

    /** A packet's work was lost in a reset of its engine: the queue stops, and with it the others of its context. */
    void lost(Packet packet) {
        boolean wasCancelled = packet.cancelled();
        ends.tellFailed(packet);
        long index = packet.index();
        end(packet);
        if (!wasCancelled && phase == Phase.ENABLED) {
            enterError(index, QueueError.RESET, DeviceException.NONE, 0);
            processor.lost(this);
        }
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

    /** Forgets everything, as a reset of the device does. */
    void forget() {
        for (Packet packet : packets) {
            packet.release();
        }
        setup = QueueSetup.NONE;
        phase = Phase.DISABLED;
        enableWanted = false;
        inFlight = 0;
        held = null;
        progress = 0;
        looks = 0;
        ends.forget();
        reset.forget();
        rewind();
        status.disabled();
    }

    // ---------------------------------------------------------------- reset

    private void beginReset() {
        if (reset.underWay()) {
            return;
        }
        phase = Phase.RESETTING;
        enableWanted = false;
        status.holdsNothing();
        reset.begin();
        dropHeld();
        cancelInFlight();
        reset.look();
    }

    /** The reset has ended: everything in flight is gone. */
    void resetEnded() {
        phase = Phase.DISABLED;
        rewind();
        status.disabled();
        registers.writeControl(QueueRegs.Control.withEnable(registers.readControl(), false));
        processor.queueReset(this);
    }

    /** The reset has not ended in time: an engine does not let go of a packet. */
    void resetFailed() {
        phase = Phase.ERROR;
        status.resetFailed();
        registers.writeControl(QueueRegs.Control.withEnable(registers.readControl(), false));
        processor.queueResetFailed(this);
    }

    private void rewind() {
        life++;
        readIndex = 0;
        readIndexPosted = 0;
        ends.rewind();
        intake.clear();
    }

    // ---------------------------------------------------------------- phases

    private void begin() {
        setup = QueueSetup.read(registers);
        phase = Phase.ENABLED;
        doorbell = -1;
        progress = 0;
        looks = 0;
        rewind();
        status.begun();
        reset.forget();
        registers.writeErrorPacket(0);
        registers.writeErrorAddress(0);
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

    private void enterError(long packetIndex, QueueError why, int code, long address) {
        phase = Phase.ERROR;
        status.failed(why, code);
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
        if (inFlight == 0 && phase != Phase.ENABLED) {
            settle();
        }
    }

    /** A stopped queue whose last packet has ended is disabled, and begins anew if software has asked for that meanwhile. */
    private void settle() {
        if (inFlight == 0 && phase == Phase.STOPPING) {
            phase = Phase.DISABLED;
            rewind();
            status.disabled();
            if (enableWanted) {
                begin();
            }
        }
        if (inFlight == 0) {
            reset.look();
            processor.quieted();
        }
    }

    /** The step that served this queue has ended. */
    void sendOwedInterrupt() {
        ends.sendOwedInterrupt();
    }
}
