package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.abi.firmware.MessageAbi;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.firmware.XidEvent;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The two message rings between driver and firmware (programming guide, section 4). A command waits for its reply; events go to the listener, on the thread that took them
 * from the ring: the interrupt worker, or a thread that waits for a reply. So a lost interrupt costs a bounded delay.
 *
 * <p>The firmware is not trusted: counts, checksums, sequence numbers, versions and reply numbers are checked; what is wrong throws
 * {@link dev.openppu.driver.DeviceLostException} and nothing more is taken from the ring. Thread-safe.
 */
public final class MessageChannel implements AutoCloseable {
    private static final String OBJECT = "firmware message channel";
    private static final int LOG2_MESSAGES = 6;
    private static final int MESSAGES = 1 << LOG2_MESSAGES;
    private static final long RING_BYTES = (long) MESSAGES * FirmwareMessage.BYTES;
    private static final long LOOK_AGAIN_NANOS = 1_000_000;

    private final DeviceAccess device;
    private final FwRegs registers;
    private final PinnedMemory pinned;
    private final Listener listener;
    private final long timeoutNanos;
    private final DmaMapping commands;
    private final DmaMapping events;
    private final LinkLock commandLock;
    private final LinkLock eventLock;
    private final MemorySegment message = Arena.ofAuto().allocate(FirmwareMessage.BYTES, Long.BYTES);
    private final Map<Integer, Pending> pending = new HashMap<>();
    private int commandCount;
    private int commandSequence = FirmwareMessage.FIRST_SEQUENCE;
    private int eventCount;
    private int eventSequence = FirmwareMessage.FIRST_SEQUENCE;
    private MessageAbi.Agreed abi = new MessageAbi.Agreed(MessageAbi.CURRENT.highestMajor(), MessageAbi.CURRENT.highestMinor());
    private volatile @Nullable PpuException broken;
    private boolean closed;

    /** What the firmware says by itself. Must not wait. */
    public interface Listener {
        void xid(XidEvent event);

        /** @param level 0 debug to 3 error */
        void log(int level, String text);
    }

    private static final class Pending {
        private final MessageType type;
        private volatile @Nullable FirmwareReply reply;

        Pending(MessageType type) {
            this.type = type;
        }
    }

    /** Sets up and enables the rings. {@link #hello} comes first then. */
    public MessageChannel(DeviceAccess device, PinnedMemory pinned, Listener listener, long timeoutNanos) {
        this.device = device;
        this.registers = device.registers().fw();
        this.pinned = pinned;
        this.listener = listener;
        this.timeoutNanos = timeoutNanos;
        this.commandLock = new LinkLock(device.runtime());
        this.eventLock = new LinkLock(device.runtime());
        this.commands = pinned.allocate(RING_BYTES, DmaAccess.DEVICE_READS);
        this.events = eventsBeside(commands);
        try {
            enable();
        } catch (RuntimeException e) {
            giveBack();
            throw e;
        }
    }

    private DmaMapping eventsBeside(DmaMapping first) {
        try {
            return pinned.allocate(RING_BYTES, DmaAccess.DEVICE_WRITES);
        } catch (RuntimeException e) {
            pinned.free(first);
            throw e;
        }
    }

    private void enable() {
        awaitRest();
        registers.writeCommandRing(commands.iova());
        registers.writeEventRing(events.iova());
        registers.writeRingControl(FwRegs.RingControl.withEnable(FwRegs.RingControl.withLog2Messages(0, LOG2_MESSAGES), true));
    }

    /** After a warm attach the counts of another driver's rings may still stand. */
    private void awaitRest() {
        if (registers.readCommandTail() != 0 || registers.readEventHead() != 0) {
            registers.writeCommandTail(0);
            registers.writeEventHead(0);
            device.poll(() -> registers.readCommandHead() == 0 && registers.readEventTail() == 0, device.runtime().deadline(timeoutNanos));
        }
    }

    /** Agrees on a version; throws SYSTEM_DRIVER_MISMATCH naming both ranges if there is none. */
    public MessageAbi.Agreed hello() {
        MessageAbi ours = MessageAbi.CURRENT;
        int word = device.checked(registers.readMessageAbi());
        FirmwareReply reply = call(MessageType.HELLO, ours.lowestMajor(), ours.highestMajor(), ours.highestMinor());
        if (reply.status() == MessageStatus.NO_COMMON_ABI) {
            throw device.failure(HgResult.SYSTEM_DRIVER_MISMATCH, OBJECT,
                    "driver and firmware have no message interface in common: driver %d to %d, firmware %d to %d"
                            .formatted(ours.lowestMajor(), ours.highestMajor(), FwRegs.MessageAbi.lowestMajor(word),
                                    FwRegs.MessageAbi.highestMajor(word)),
                    "use a firmware image of this driver's release");
        }
        requireOk(MessageType.HELLO, reply);
        abi = agreed(reply);
        return abi;
    }

    private MessageAbi.Agreed agreed(FirmwareReply reply) {
        long major = reply.word(1);
        long minor = reply.word(2);
        MessageAbi ours = MessageAbi.CURRENT;
        boolean spoken = major >= ours.lowestMajor() && major <= ours.highestMajor() && minor >= 0
                && minor <= (major == ours.highestMajor() ? ours.highestMinor() : 0xff);
        if (!spoken) {
            throw fail("HELLO agreed on version " + major + "." + minor + ", which was not offered");
        }
        return new MessageAbi.Agreed((int) major, (int) minor);
    }

    /** As {@link #call}, and every status but OK throws. */
    public FirmwareReply command(MessageType type, long... words) {
        FirmwareReply reply = call(type, words);
        requireOk(type, reply);
        return reply;
    }

    private void requireOk(MessageType type, FirmwareReply reply) {
        if (reply.status() != MessageStatus.OK) {
            throw device.failure(HgResult.UNKNOWN, OBJECT, "the firmware answered " + type + " with " + reply.status(),
                    "reset the device and open it again");
        }
    }

    /** Sends a command and waits for its reply, whatever its status. */
    public FirmwareReply call(MessageType type, long... words) {
        return call(timeoutNanos, type, words);
    }

    /** The same for commands that take longer. */
    FirmwareReply call(long patienceNanos, MessageType type, long... words) {
        long deadline = device.runtime().deadline(patienceNanos);
        int sequence = send(type, deadline, words);
        try {
            return awaitReply(type, sequence, deadline);
        } finally {
            synchronized (pending) { // nothing inside waits
                pending.remove(sequence);
            }
        }
    }

    private int send(MessageType type, long deadline, long[] words) {
        commandLock.lock();
        try {
            requireSound();
            awaitSpace(deadline);
            int sequence = commandSequence;
            long base = (long) (commandCount & MESSAGES - 1) * FirmwareMessage.BYTES;
            FirmwareMessage.begin(commands.memory(), base, sequence, type.code(), abi.pack(), 0);
            for (int i = 0; i < words.length; i++) {
                FirmwareMessage.word(commands.memory(), base, i, words[i]);
            }
            FirmwareMessage.seal(commands.memory(), base);
            synchronized (pending) {
                pending.put(sequence, new Pending(type));
            }
            commandSequence = FirmwareMessage.nextSequence(sequence);
            commandCount++;
            registers.writeCommandTail(commandCount);
            return sequence;
        } finally {
            commandLock.unlock();
        }
    }

    private void awaitSpace(long deadline) {
        if (!device.poll(() -> Integer.compareUnsigned(commandCount - commandHead(), MESSAGES) < 0, deadline)) {
            throw device.timeout(OBJECT, "the command ring stayed full: the firmware takes no commands");
        }
    }

    private int commandHead() {
        int head = device.counted(registers.readCommandHead());
        if (Integer.compareUnsigned(commandCount - head, MESSAGES) > 0) {
            throw fail("fw.command_head is %d after %d commands".formatted(head, commandCount));
        }
        return head;
    }

    private FirmwareReply awaitReply(MessageType type, int sequence, long deadline) {
        Pending waiting;
        synchronized (pending) {
            waiting = pending.get(sequence);
        }
        if (waiting == null) {
            throw new IllegalStateException("command " + sequence + " is not pending");
        }
        while (true) {
            poll();
            FirmwareReply reply = waiting.reply;
            if (reply != null) {
                return reply;
            }
            requireSound();
            long now = device.runtime().nanos();
            if (now >= deadline) {
                throw device.timeout(OBJECT, "the firmware did not answer " + type);
            }
            device.runtime().await(() -> waiting.reply != null || arrived() || broken != null, Math.min(deadline, now + LOOK_AGAIN_NANOS));
        }
    }

    /** Whether the next message seems to be in the ring: a hint that reads memory only. */
    private boolean arrived() {
        return FirmwareMessage.sequence(events.memory(), eventBase(eventCount)) == eventSequence;
    }

    /** Takes what the firmware has put into the event ring. */
    public void poll() {
        eventLock.lock();
        try {
            if (closed || broken != null) {
                return;
            }
            int tail = device.counted(registers.readEventTail());
            if (Integer.compareUnsigned(tail - eventCount, MESSAGES) > 0) {
                throw fail("fw.event_tail is %d after %d messages taken".formatted(tail, eventCount));
            }
            while (eventCount != tail) {
                MemorySegment.copy(events.memory(), eventBase(eventCount), message, 0, FirmwareMessage.BYTES);
                eventCount++;
                take();
                registers.writeEventHead(eventCount);
            }
        } finally {
            eventLock.unlock();
        }
    }

    private static long eventBase(int count) {
        return (long) (count & MESSAGES - 1) * FirmwareMessage.BYTES;
    }

    /** Checks and hands on the copy of one message. */
    private void take() {
        if (!FirmwareMessage.intact(message, 0)) {
            throw fail("a message's checksum is wrong");
        }
        int sequence = FirmwareMessage.sequence(message, 0);
        if (sequence != eventSequence) {
            throw fail(
                    "message %d came where %d is due".formatted(Integer.toUnsignedLong(sequence), Integer.toUnsignedLong(eventSequence)));
        }
        eventSequence = FirmwareMessage.nextSequence(eventSequence);
        int type = FirmwareMessage.type(message, 0);
        if ((type & MessageType.REPLY) != 0) {
            reply(type);
        } else if (type == MessageType.XID.code()) {
            listener.xid(XidEvent.decode(message, 0));
        } else if (type == MessageType.LOG.code()) {
            listener.log((int) FirmwareMessage.word(message, 0, 0), text());
        }
        // an event of an unknown type is a newer firmware's: it is left out
    }

    private void reply(int type) {
        int replyTo = FirmwareMessage.replyTo(message, 0);
        Pending command;
        synchronized (pending) {
            command = pending.get(replyTo);
        }
        if (command == null) {
            return; // its caller has given up
        }
        MessageStatus status = MessageStatus.of(FirmwareMessage.word(message, 0, 0))
                .orElseThrow(() -> fail("a reply has the unknown status " + FirmwareMessage.word(message, 0, 0)));
        if (type != command.type.replyCode()) {
            throw fail("the reply to %s has type 0x%x".formatted(command.type, type));
        }
        long[] words = new long[FirmwareMessage.WORDS - 1];
        for (int i = 0; i < words.length; i++) {
            words[i] = FirmwareMessage.word(message, 0, i + 1);
        }
        command.reply = new FirmwareReply(status, words);
        device.runtime().wake();
    }

    private String text() {
        long begin = FirmwareMessage.PAYLOAD_OFFSET + Long.BYTES;
        byte[] bytes = message.asSlice(begin, FirmwareMessage.BYTES - begin).toArray(ValueLayout.JAVA_BYTE);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    /** Ends all waits for replies with this failure; nothing is sent or taken any more. */
    public void abandon(PpuException why) {
        if (broken == null) {
            broken = why;
            device.runtime().wake();
        }
    }

    private PpuException fail(String what) {
        PpuException failure = device.nonsense(OBJECT, what);
        abandon(failure);
        return failure;
    }

    private void requireSound() {
        PpuException failure = broken;
        if (failure != null) {
            throw failure;
        }
    }

    /** Takes the rings away from the firmware; they are given back also where it cannot be told. Idempotent. */
    @Override
    public void close() {
        eventLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            eventLock.unlock();
        }
        try {
            if (!device.ended()) {
                registers.writeRingControl(0);
                registers.readRingControl(); // flushes
            }
        } finally {
            giveBack();
        }
    }

    private void giveBack() {
        try {
            pinned.free(commands);
        } finally {
            pinned.free(events);
        }
    }
}
