package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.UnobservableException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MessageRings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Messages and rings with everything wrong that a host can get wrong; the firmware lives on. */
final class MessageCases {
    private static final int LOG2 = 2;
    private static final int SLOTS = 1 << LOG2;
    private static final int PING = MessageType.PING.code();
    private static final int BITS = FirmwareMessage.BYTES * Byte.SIZE;
    private static final int SAMPLE = 11;
    private static final long QUIET_NANOS = 2_000_000;
    private static final long REPLY_NANOS = 1_000_000_000L;
    private static final int[] NO_TYPES = {0, 0x0010, 0x00ff, 0x7fff, 0x4001, 0x4002, 0x8001, 0xffff};
    private static final Rule STATUS = Rule.guide(4, "Each wrong command is answered by its own status and does nothing else");
    private static final Rule COUNTS = Rule.guide(4,
            "A count that the ring cannot hold is ignored until it is right; nothing is overwritten");

    private MessageCases() {}

    static Stage stage(SuiteSettings settings) {
        List<Case> cases = new ArrayList<>();
        cases.add(withRings("any-bit", "One bit flipped anywhere in a message", STATUS, (bench, rings) -> anyBit(bench, rings, settings)));
        cases.add(withRings("sequences", "Stale, skipped and wrapped sequence numbers",
                Rule.guide(4,
                        "After a wrong sequence (status 3) the firmware expects the next after the one it got; 0xFFFFFFFF is followed by 1"),
                (_, rings) -> sequences(rings)));
        cases.add(withRings("types", "Undefined types, and types that only firmware sends", STATUS, (bench, rings) -> types(bench, rings)));
        cases.add(Case.of("firmware.versions", "Versions that a host may speak",
                Rule.guide(4,
                        "HELLO agrees on the highest version that both speak, or is answered with status 4; what is no range of versions with status 5"),
                MessageCases::versions));
        cases.add(withRings("tail-wild", "The command ring's count goes back, or too far", COUNTS, MessageCases::tailWild));
        cases.add(withRings("head-wild", "The event ring's count is wild", COUNTS, MessageCases::headWild));
        cases.add(withRings("full", "Nobody takes replies", Rule.guide(4, "A full ring is waited for, never overwritten"),
                MessageCases::full));
        cases.add(Case.of("firmware.rings-refused", "Rings of no size, and not aligned",
                Rule.map("fw.ring_control.log2_messages is 2 to 10, rings are 4 KiB aligned"), MessageCases::ringsRefused));
        cases.add(Case.of("firmware.rings-unmapped", "Rings that DMA cannot reach",
                new Rule("The firmware lives on, and takes sound rings afterwards", "docs/device.md §4; DmaSpace"),
                MessageCases::ringsUnmapped));
        cases.add(Case.of("firmware.heartbeat-loss", "The heartbeat stops",
                Rule.guide(4, "Three missed periods mean that the firmware is gone"), _ -> {
                    throw new UnobservableException(
                            "no register hangs the firmware; `ppu sim --faults firmware` does, and the driver has to find out");
                }));
        return new Stage("messages", "Wrong messages and wrong rings", cases);
    }

    private interface Talk {
        void with(Bench bench, MessageRings rings);
    }

    private static Case withRings(String id, String title, Rule rule, Talk talk) {
        return Case.of("firmware." + id, title, rule, bench -> {
            bench.booted();
            try (MessageRings rings = new MessageRings(bench.link(), bench.function(), bench.registers().fw(), LOG2)) {
                hello(rings, 1, 1, 0, MessageStatus.OK);
                talk.with(bench, rings);
                alive(rings);
            }
        });
    }

    // ---- messages

    private static void anyBit(Bench bench, MessageRings rings, SuiteSettings settings) {
        int flipped = 0;
        for (int bit = 0; bit < BITS; bit += settings.thorough() ? 1 : SAMPLE) {
            rings.sendFlipped(PING, bit, 0x5a5a);
            Check.equal("status of a message with bit %d flipped".formatted(bit), MessageStatus.BAD_CHECKSUM, status(reply(rings)));
            flipped++;
        }
        bench.note(flipped + " bits");
    }

    private static void sequences(MessageRings rings) {
        for (int distance : new int[]{-1, 1, 2, 1000, Integer.MIN_VALUE}) {
            int wrong = rings.nextSequence() + distance;
            rings.send(wrong, PING, false, 1);
            Check.equal("status of sequence 0x%x".formatted(wrong), MessageStatus.BAD_SEQUENCE, status(reply(rings)));
            alive(rings);
        }
        rings.send(-2, PING, false, 1); // the last but one
        Check.equal("status of sequence 0xfffffffe", MessageStatus.BAD_SEQUENCE, status(reply(rings)));
        alive(rings);
        Check.hex("the sequence behind 0xffffffff", FirmwareMessage.FIRST_SEQUENCE, rings.nextSequence());
        alive(rings);
    }

    private static void types(Bench bench, MessageRings rings) {
        for (int type : NO_TYPES) {
            int number = rings.send(type, -1, -1, -1, -1, -1, -1);
            MessageRings.Received reply = rings.replyTo(number);
            Check.equal("status of type 0x%04x".formatted(type), MessageStatus.UNKNOWN_TYPE, status(reply));
            Check.hex("type of the reply to type 0x%04x".formatted(type), type | MessageType.REPLY, reply.type());
        }
        bench.note(NO_TYPES.length + " types");
    }

    private static void versions(Bench bench) {
        bench.booted();
        int spoken = bench.registers().fw().readMessageAbi();
        long lowest = FwRegs.MessageAbi.lowestMajor(spoken);
        long highest = FwRegs.MessageAbi.highestMajor(spoken);
        long minor = FwRegs.MessageAbi.highestMinor(spoken);
        for (long[] host : new long[][]{{highest + 1, 255, 0}, {highest + 1, lowest, 0}, {0, 0, 0}, {1, 1L << 40, 0}, {-1, -1, -1}}) {
            boolean range = host[0] == highest + 1 && host[1] == 255;
            withHello(bench, host, range ? MessageStatus.NO_COMMON_ABI : MessageStatus.BAD_ARGUMENT,
                    (rings, _) -> Check.equal("status of PING after a HELLO that failed",
                            MessageStatus.HELLO_FIRST, status(rings.replyTo(rings.send(PING, 1)))));
        }
        for (long[] host : new long[][]{{highest, highest, 0}, {lowest, 255, 0xff}, {highest, highest, minor}}) {
            withHello(bench, host, MessageStatus.OK, (rings, agreed) -> {
                Check.equal("agreed major version", Math.min(highest, host[1]), agreed.words()[1]);
                Check.that(agreed.words()[2] <= minor && agreed.words()[2] <= Math.max(host[2], host[1] > highest ? 0xff : 0),
                        "a minor version that both speak", Long.toString(agreed.words()[2]));
                alive(rings);
            });
        }
        withHello(bench, new long[]{1, 1, 0}, MessageStatus.OK, (rings, _) -> Check.equal("status of RETIRE_PAGE to a host of 1.0",
                MessageStatus.UNKNOWN_TYPE, status(rings.replyTo(rings.send(MessageType.RETIRE_PAGE.code(), -1, 0)))));
    }

    // ---- counts

    private static void tailWild(Bench bench, MessageRings rings) {
        FwRegs fw = bench.registers().fw();
        int sent = rings.sent();
        for (int wild : new int[]{sent - 1, sent + SLOTS + 1, sent + Integer.MIN_VALUE, sent - SLOTS}) {
            fw.writeCommandTail(wild);
            bench.link().runtime().sleep(QUIET_NANOS);
            Check.equal("fw.command_head with fw.command_tail 0x%x".formatted(wild), sent, fw.readCommandHead());
        }
        fw.writeCommandTail(sent);
    }

    private static void headWild(Bench bench, MessageRings rings) {
        FwRegs fw = bench.registers().fw();
        int tail = fw.readEventTail();
        for (int wild : new int[]{tail + 1, tail - SLOTS - 1, tail + Integer.MIN_VALUE}) {
            fw.writeEventHead(wild);
            int number = rings.send(PING, wild);
            bench.link().runtime().sleep(QUIET_NANOS);
            Check.equal("fw.event_tail with fw.event_head 0x%x".formatted(wild), tail, fw.readEventTail());
            fw.writeEventHead(tail);
            Check.equal("status of PING", MessageStatus.OK, status(rings.replyTo(number)));
            tail = fw.readEventTail();
        }
    }

    private static void full(Bench bench, MessageRings rings) {
        FwRegs fw = bench.registers().fw();
        int before = fw.readEventTail();
        List<Integer> sent = new ArrayList<>();
        // Replies fill the ring, then the firmware; then commands stay where they are.
        for (int i = 0; i < 8 * SLOTS && rings.sent() - fw.readCommandHead() < SLOTS; i++) {
            sent.add(rings.send(PING, i));
            bench.link().runtime().sleep(QUIET_NANOS / 10);
        }
        Check.that(rings.sent() - fw.readCommandHead() > 0, "commands that wait because replies do", "none of " + sent.size());
        Check.equal("replies in a ring of %d that nobody empties".formatted(SLOTS), SLOTS, fw.readEventTail() - before);
        int held = fw.readCommandHead();
        bench.link().runtime().sleep(QUIET_NANOS);
        Check.equal("fw.command_head while replies wait", held, fw.readCommandHead());
        for (int i = 0; i < sent.size(); i++) {
            Check.equal("echo %d".formatted(i), (long) i, rings.replyTo(sent.get(i)).words()[1]);
        }
        bench.note("%d commands, %d held back".formatted(sent.size(), rings.sent() - held));
    }

    // ---- rings

    private static void ringsRefused(Bench bench) {
        bench.booted();
        FwRegs fw = bench.registers().fw();
        try (MessageRings rings = new MessageRings(bench.link(), bench.function(), fw, LOG2)) {
            long commands = fw.readCommandRing();
            Consumer<Integer> enable = log2 -> fw
                    .writeRingControl(FwRegs.RingControl.withEnable(FwRegs.RingControl.withLog2Messages(0, log2), true));
            for (int log2 : new int[]{0, 1, 11, 15}) {
                disable(bench, fw);
                enable.accept(log2);
                expectNothing(bench, fw, "rings of 2^%d messages".formatted(log2));
            }
            for (long offset : new long[]{64, 8, 2048}) {
                disable(bench, fw);
                fw.writeCommandRing(commands + offset);
                enable.accept(LOG2);
                expectNothing(bench, fw, "a ring at offset 0x%x of a page".formatted(offset));
            }
            disable(bench, fw);
            fw.writeCommandRing(commands);
        }
        sound(bench);
    }

    private static void disable(Bench bench, FwRegs fw) {
        fw.writeRingControl(0);
        fw.writeCommandTail(0);
        bench.function().poll(() -> fw.readCommandHead() == 0 && fw.readEventTail() == 0, REPLY_NANOS);
    }

    private static void expectNothing(Bench bench, FwRegs fw, String what) {
        fw.writeCommandTail(1);
        bench.link().runtime().sleep(QUIET_NANOS);
        Check.equal("fw.command_head of " + what, 0, fw.readCommandHead());
        Check.equal("fw.event_tail of " + what, 0, fw.readEventTail());
    }

    private static void ringsUnmapped(Bench bench) {
        bench.booted();
        FwRegs fw = bench.registers().fw();
        MessageRings gone = new MessageRings(bench.link(), bench.function(), fw, LOG2);
        hello(gone, 1, 1, 0, MessageStatus.OK);
        gone.unmap();
        fw.writeCommandTail(gone.sent() + 1);
        bench.link().runtime().sleep(QUIET_NANOS);
        int beat = fw.readHeartbeat();
        long period = FwRegs.HeartbeatPeriod.micros(fw.readHeartbeatPeriod()) * 1000L;
        bench.link().runtime().sleep(bench.link().runtime().scaled(4 * period));
        Check.that(fw.readHeartbeat() != beat, "a heartbeat after rings were unmapped", "none");
        gone.close();
        sound(bench);
    }

    /** Rings set up anew work. */
    private static void sound(Bench bench) {
        FwRegs fw = bench.registers().fw();
        disable(bench, fw);
        try (MessageRings rings = new MessageRings(bench.link(), bench.function(), fw, LOG2)) {
            hello(rings, 1, 1, 0, MessageStatus.OK);
            alive(rings);
        }
    }

    // ---- helpers

    private interface AfterHello {
        void with(MessageRings rings, MessageRings.Received agreed);
    }

    private static void withHello(Bench bench, long[] host, MessageStatus expected, AfterHello after) {
        try (MessageRings rings = new MessageRings(bench.link(), bench.function(), bench.registers().fw(), LOG2)) {
            after.with(rings, hello(rings, host[0], host[1], host[2], expected));
        }
        disable(bench, bench.registers().fw());
    }

    private static MessageRings.Received hello(MessageRings rings, long lowest, long highest, long minor, MessageStatus expected) {
        MessageRings.Received reply = rings.replyTo(rings.send(MessageType.HELLO.code(), lowest, highest, minor));
        Check.equal("status of HELLO %d to %d.%d".formatted(lowest, highest, minor), expected, status(reply));
        return reply;
    }

    /** The firmware answers a sound message. */
    private static void alive(MessageRings rings) {
        MessageRings.Received reply = rings.replyTo(rings.send(PING, 77));
        Check.equal("status of a sound message", MessageStatus.OK, status(reply));
        Check.equal("echo of a sound message", 77L, reply.words()[1]);
    }

    /** The next reply, whatever it answers; events before it are left out. */
    private static MessageRings.Received reply(MessageRings rings) {
        MessageRings.Received received;
        do {
            received = rings.receive();
        } while ((received.type() & MessageType.REPLY) == 0);
        return received;
    }

    private static @Nullable MessageStatus status(MessageRings.Received reply) {
        return MessageStatus.of(reply.words()[0]).orElse(null);
    }
}
