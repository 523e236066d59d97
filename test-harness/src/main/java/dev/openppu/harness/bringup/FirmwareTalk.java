package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.MessageAbi;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.harness.Check;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MessageRings;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Rings of a case's own on which HELLO has been said, for the newest version that the firmware speaks. For one thread. */
final class FirmwareTalk implements AutoCloseable {
    private static final int LOG2_MESSAGES = 4;
    private static final long REPLY_NANOS = 1_000_000_000L;

    private final MessageRings rings;

    private FirmwareTalk(MessageRings rings) {
        this.rings = rings;
    }

    /** On a device whose firmware runs. */
    static FirmwareTalk begin(Bench bench) {
        return begin(bench, LOG2_MESSAGES);
    }

    /** @param log2 of the messages that each ring holds */
    static FirmwareTalk begin(Bench bench, int log2) {
        FwRegs fw = bench.registers().fw();
        int spoken = fw.readMessageAbi();
        int major = FwRegs.MessageAbi.highestMajor(spoken);
        FirmwareTalk talk = new FirmwareTalk(new MessageRings(bench.link(), bench.function(), fw, log2));
        MessageRings.Received reply = talk.ask(MessageStatus.OK, MessageType.HELLO, major, major, FwRegs.MessageAbi.highestMinor(spoken));
        talk.rings.agree(new MessageAbi.Agreed((int) reply.words()[1], (int) reply.words()[2]));
        return talk;
    }

    MessageRings rings() {
        return rings;
    }

    /** Sends a command and compares its reply's status; events before the reply are left out. */
    MessageRings.Received ask(MessageStatus expected, MessageType type, long... words) {
        return expect(expected, type, rings.send(type.code(), words), words);
    }

    private MessageRings.Received expect(MessageStatus expected, MessageType type, int command, long... words) {
        MessageRings.Received reply = rings.replyTo(command);
        Check.hex("type of the reply to " + type, type.replyCode(), reply.type());
        Check.equal("status of %s(%s)".formatted(type, hex(words)), expected, MessageStatus.of(reply.words()[0]).orElse(null));
        return reply;
    }

    private static String hex(long... words) {
        return Arrays.stream(words).mapToObj(word -> "0x" + Long.toHexString(word))
                .collect(Collectors.joining(", "));
    }

    /** Takes the rings away and waits until the firmware has let go of them. */
    static void takeAway(Bench bench) {
        FwRegs fw = bench.registers().fw();
        fw.writeRingControl(0);
        fw.writeCommandTail(0);
        Check.that(bench.function().poll(() -> fw.readCommandHead() == 0 && fw.readEventTail() == 0, REPLY_NANOS),
                "fw.command_head and fw.event_tail 0 when the rings are taken away",
                "%d and %d".formatted(fw.readCommandHead(), fw.readEventTail()));
    }

    @Override
    public void close() {
        rings.close();
    }
}
