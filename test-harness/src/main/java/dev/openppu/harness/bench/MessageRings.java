package dev.openppu.harness.bench;

import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.abi.firmware.MessageAbi;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.CheckFailedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The firmware's message rings without the driver's care: messages may be wrong. For one thread.
 */
public final class MessageRings implements AutoCloseable {
    private static final long REPLY_NANOS = 1_000_000_000L;
    private static final long SOON_NANOS = 50_000;

    private final FwRegs registers;
    private final LinkRuntime runtime;
    private final Function function;
    private final int size;
    private final DmaMapping commands;
    private final DmaMapping events;
    private final MemorySegment message = Arena.ofAuto().allocate(FirmwareMessage.BYTES, Long.BYTES);
    private int sent;
    private int taken;
    private int sequence = FirmwareMessage.FIRST_SEQUENCE;
    private int eventSequence = FirmwareMessage.FIRST_SEQUENCE;
    private int abi = new MessageAbi.Agreed(1, 0).pack();

    /** A message from the firmware. */
    public record Received(int type, int abi, int replyTo, long[] words) {}

    /** Sets up rings of {@code 2^log2} messages and enables them. */
    public MessageRings(DeviceLink link, Function function, FwRegs registers, int log2) {
        this.registers = registers;
        this.runtime = link.runtime();
        this.function = function;
        this.size = 1 << log2;
        this.commands = link.dma().allocate((long) size * FirmwareMessage.BYTES, DmaAccess.DEVICE_READS);
        this.events = link.dma().allocate((long) size * FirmwareMessage.BYTES, DmaAccess.DEVICE_WRITES);
        registers.writeCommandRing(commands.iova());
        registers.writeEventRing(events.iova());
        registers.writeCommandTail(0);
        registers.writeEventHead(0);
        registers.writeRingControl(FwRegs.RingControl.withEnable(FwRegs.RingControl.withLog2Messages(0, log2), true));
        // Events that have waited for a ring may be there at once, so the event ring's count tells nothing.
        if (!function.poll(() -> registers.readCommandHead() == 0, REPLY_NANOS)) {
            throw new CheckFailedException("the count of a new ring begins at 0", "fw.command_head " + registers.readCommandHead());
        }
    }

    /** Host memory of the rings. */
    List<DmaMapping> memory() {
        return List.of(commands, events);
    }

    /** The sequence number that the next message should have. */
    public int nextSequence() {
        return sequence;
    }

    /** Sends a sound message; returns its sequence number. */
    public int send(int type, long... words) {
        int number = sequence;
        send(number, type, false, words);
        return number;
    }

    /** Sends a message with one bit of its 512 turned over. */
    public void sendFlipped(int type, int bit, long... words) {
        int number = sequence;
        long base = encode(number, type, words);
        long at = base + bit / Byte.SIZE;
        byte flipped = (byte) (commands.memory().get(ValueLayout.JAVA_BYTE, at) ^ 1 << bit % Byte.SIZE);
        commands.memory().set(ValueLayout.JAVA_BYTE, at, flipped);
        publish(number);
    }

    /** The version that messages carry from now on: 1.0 until then. */
    public void agree(MessageAbi.Agreed agreed) {
        abi = agreed.pack();
    }

    /** Messages sent. */
    public int sent() {
        return sent;
    }

    /** Sends a message with any sequence number, and a wrong checksum if asked; the next sound one follows it. */
    public void send(int number, int type, boolean wrongChecksum, long... words) {
        long base = encode(number, type, words);
        MemorySegment ring = commands.memory();
        if (wrongChecksum) {
            FirmwareMessage.word(ring, base, FirmwareMessage.WORDS - 1, ~FirmwareMessage.word(ring, base, FirmwareMessage.WORDS - 1));
        }
        publish(number);
    }

    private long encode(int number, int type, long... words) {
        long base = (long) (sent & size - 1) * FirmwareMessage.BYTES;
        MemorySegment ring = commands.memory();
        FirmwareMessage.begin(ring, base, number, type, abi, 0);
        for (int i = 0; i < words.length; i++) {
            FirmwareMessage.word(ring, base, i, words[i]);
        }
        FirmwareMessage.seal(ring, base);
        return base;
    }

    private void publish(int number) {
        sequence = FirmwareMessage.nextSequence(number);
        sent++;
        registers.writeCommandTail(sent);
    }

    /** Waits for the next message and checks its frame. */
    public Received receive() {
        if (!soon() && !function.poll(this::there, REPLY_NANOS)) {
            throw new CheckFailedException("a message within 1 s", "none");
        }
        MemorySegment.copy(events.memory(), (long) (taken & size - 1) * FirmwareMessage.BYTES, message, 0, FirmwareMessage.BYTES);
        taken++;
        registers.writeEventHead(taken);
        if (!FirmwareMessage.intact(message, 0)) {
            throw new CheckFailedException("a right checksum", "a wrong one");
        }
        if (FirmwareMessage.sequence(message, 0) != eventSequence) {
            throw new CheckFailedException("message " + eventSequence, "message " + FirmwareMessage.sequence(message, 0));
        }
        eventSequence = FirmwareMessage.nextSequence(eventSequence);
        long[] words = new long[FirmwareMessage.WORDS];
        for (int i = 0; i < words.length; i++) {
            words[i] = FirmwareMessage.word(message, 0, i);
        }
        return new Received(FirmwareMessage.type(message, 0), FirmwareMessage.abi(message, 0), FirmwareMessage.replyTo(message, 0), words);
    }

    /** Looks as fast as the link lets one look for a while, so that a message that is soon there is seen when it comes. */
    private boolean soon() {
        long deadline = runtime.nanos() + SOON_NANOS;
        while (!there()) {
            if (runtime.nanos() >= deadline) {
                return false;
            }
        }
        return true;
    }

    private boolean there() {
        return registers.readEventTail() != taken;
    }

    /** Waits for the reply to a command; events before it are left out. */
    public Received replyTo(int command) {
        while (true) {
            Received received = receive();
            if (received.replyTo() == command) {
                return received;
            }
            if (received.replyTo() != 0) {
                throw new CheckFailedException("the reply to " + command, "the reply to " + received.replyTo());
            }
        }
    }

    /** Takes the memory away while the firmware still has the rings. */
    public void unmap() {
        commands.close();
        events.close();
    }

    @Override
    public void close() {
        registers.writeRingControl(0);
        registers.readRingControl();
        commands.close();
        events.close();
    }
}
