package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.firmware.XidEvent;
import dev.openppu.abi.reg.FwRegs;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The host's side of the message rings, bare: every field can be got wrong on purpose. */
final class TestRings {
    static final long COMMANDS = 0x9000_0000L;
    static final long EVENTS = 0x9100_0000L;

    final Bench bench;
    final MemorySegment commands;
    final MemorySegment events;
    final int size;
    int sequence;
    int tail;
    int head;
    int expectedEvent = 1;
    final List<XidEvent> xids = new ArrayList<>();
    final List<String> logs = new ArrayList<>();

    record Reply(int type, int replyTo, MessageStatus status, long w1, long w2, long w3, long w4) {}

    TestRings(Bench bench, int log2) {
        this.bench = bench;
        this.size = 1 << log2;
        this.commands = bench.host.map(COMMANDS, 1 << 16);
        this.events = bench.host.map(EVENTS, 1 << 16);
        bench.regs.fw().writeCommandRing(COMMANDS);
        bench.regs.fw().writeEventRing(EVENTS);
        bench.regs.fw().writeRingControl(FwRegs.RingControl.withEnable(FwRegs.RingControl.withLog2Messages(0, log2), true));
    }

    TestRings greeted() {
        assertThat(call(MessageType.HELLO, 1, 1, 0).status()).isEqualTo(MessageStatus.OK);
        return this;
    }

    Reply call(MessageType type, long... words) {
        return reply(send(type.code(), sequence + 1, true, words));
    }

    /** Returns the sequence. */
    int send(int type, int number, boolean intact, long... words) {
        long base = (tail & size - 1) * 64L;
        sequence = number;
        FirmwareMessage.begin(commands, base, number, type, 0x0100, 0);
        for (int i = 0; i < words.length; i++) {
            FirmwareMessage.word(commands, base, i, words[i]);
        }
        FirmwareMessage.seal(commands, base);
        if (!intact) {
            commands.set(java.lang.foreign.ValueLayout.JAVA_BYTE, base + 63, (byte) 0x5a);
        }
        tail++;
        bench.regs.fw().writeCommandTail(tail);
        return number;
    }

    /** The next reply, whose command's number must be this; XIDs before it are kept. */
    Reply reply(int number) {
        while (true) {
            long base = next();
            if (FirmwareMessage.type(events, base) == MessageType.XID.code()) {
                xids.add(XidEvent.decode(events, base));
                taken();
                continue;
            }
            if (FirmwareMessage.type(events, base) == MessageType.LOG.code()) {
                logs.add(events.getString(base + 0x18).strip());
                taken();
                continue;
            }
            assertThat(FirmwareMessage.replyTo(events, base)).isEqualTo(number);
            Reply reply = new Reply(FirmwareMessage.type(events, base), FirmwareMessage.replyTo(events, base),
                    MessageStatus.of(FirmwareMessage.word(events, base, 0)).orElseThrow(), FirmwareMessage.word(events, base, 1),
                    FirmwareMessage.word(events, base, 2), FirmwareMessage.word(events, base, 3), FirmwareMessage.word(events, base, 4));
            taken();
            return reply;
        }
    }

    XidEvent awaitXid() {
        while (xids.isEmpty()) {
            long base = next();
            if (FirmwareMessage.type(events, base) == MessageType.LOG.code()) {
                logs.add(events.getString(base + 0x18).strip());
                taken();
                continue;
            }
            assertThat(FirmwareMessage.type(events, base)).isEqualTo(MessageType.XID.code());
            xids.add(XidEvent.decode(events, base));
            taken();
        }
        return xids.removeFirst();
    }

    private long next() {
        bench.await("an event", () -> bench.regs.fw().readEventTail() != head);
        long base = (head & size - 1) * 64L;
        assertThat(FirmwareMessage.intact(events, base)).isTrue();
        assertThat(FirmwareMessage.sequence(events, base)).isEqualTo(expectedEvent);
        return base;
    }

    private void taken() {
        head++;
        expectedEvent++;
        bench.regs.fw().writeEventHead(head);
    }
}
