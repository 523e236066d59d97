package dev.openppu.harness.bringup;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MessageRings;
import java.util.List;
import java.util.function.Consumer;

/** Stage 4: the firmware lives, and answers messages right and wrong. */
final class FirmwareCases {
    private static final int LOG2_MESSAGES = 3;
    private static final int SMALLEST_LOG2_MESSAGES = 2;
    private static final int UNKNOWN_TYPE = 0x0123;
    private static final long SHUTDOWN_NANOS = 1_000_000_000L;

    private FirmwareCases() {}

    static Stage stage() {
        Rule status = Rule.guide(4, "Each wrong command is answered by its own status and does nothing else");
        return new Stage("firmware", "Firmware: heartbeat and messages", List.of(
                Case.of("firmware.heartbeat", "Heartbeat", Rule.guide(4, "fw.heartbeat counts every fw.heartbeat_period microseconds"),
                        FirmwareCases::heartbeat),
                Case.of("firmware.hello-first", "Commands before HELLO",
                        Rule.guide(4, "Before HELLO has been answered every other command gets status 6"),
                        bench -> withRings(bench,
                                rings -> expect(rings, rings.send(MessageType.PING.code(), 1), MessageType.PING.replyCode(),
                                        MessageStatus.HELLO_FIRST))),
                Case.of("firmware.no-common-abi", "HELLO without a common version", status,
                        bench -> withRings(bench,
                                rings -> expect(rings, rings.send(MessageType.HELLO.code(), 200, 255, 0), MessageType.HELLO.replyCode(),
                                        MessageStatus.NO_COMMON_ABI))),
                Case.of("firmware.hello", "HELLO", Rule.guide(4, "HELLO agrees on the highest major version that both speak"),
                        bench -> withRings(bench, rings -> hello(bench, rings))),
                Case.of("firmware.ping", "PING", Rule.guide(4, "PING is answered with its own word"), FirmwareCases::ping),
                Case.of("firmware.unknown-type", "Unknown command", status,
                        bench -> afterHello(bench,
                                rings -> expect(rings, rings.send(UNKNOWN_TYPE), UNKNOWN_TYPE | MessageType.REPLY,
                                        MessageStatus.UNKNOWN_TYPE))),
                Case.of("firmware.bad-checksum", "Wrong checksum", status, FirmwareCases::badChecksum),
                Case.of("firmware.bad-sequence", "Wrong sequence", status, FirmwareCases::badSequence),
                Case.of("firmware.bad-argument", "Impossible context", status,
                        bench -> afterHello(bench, rings -> expect(rings, rings.send(MessageType.KILL_CONTEXT.code(), 1L << 40),
                                MessageType.KILL_CONTEXT.replyCode(), MessageStatus.BAD_ARGUMENT))),
                Case.of("firmware.get-info", "GET_INFO counts",
                        Rule.guide(4, "GET_INFO tells uptime, heartbeats, commands handled and bad messages"),
                        FirmwareCases::getInfo),
                Case.of("firmware.ring-wrap", "Message rings wrap around",
                        Rule.guide(4, "A full ring is waited for, never overwritten; counts go on"),
                        FirmwareCases::ringWrap),
                Case.of("firmware.logs-reserved-access", "Error log: reserved address",
                        Rule.guide(2, "A register access outside the map logs XID 2948"),
                        bench -> expectLogged(bench, Xid.REGFAB_RESERVED_REGISTER_ADDRESS_ACCESSED, FirmwareCases::readReserved)),
                Case.of("firmware.logs-wrong-width", "Error log: wrong width",
                        Rule.guide(2, "A register access of another width logs XID 2944"),
                        bench -> expectLogged(bench, Xid.REGFAB_ILLEGAL_REGISTER_ACCESS, FirmwareCases::readNarrow)),
                Case.of("firmware.xid-event", "XID event",
                        Rule.guide(4, "The firmware sends an XID event with the number, the address and the time"),
                        FirmwareCases::xidEvent),
                Case.of("firmware.shutdown", "SHUTDOWN", Rule.guide(4, "SHUTDOWN is answered, then the state is HALTED"),
                        FirmwareCases::shutdown)));
    }

    private static void heartbeat(Bench bench) {
        bench.booted();
        FwRegs fw = bench.registers().fw();
        long period = FwRegs.HeartbeatPeriod.micros(fw.readHeartbeatPeriod()) * 1000L;
        Check.that(period > 0, "a heartbeat period", "0");
        int first = fw.readHeartbeat();
        long begun = bench.link().runtime().nanos();
        bench.link().runtime().sleep(bench.link().runtime().scaled(10 * period));
        long beats = Integer.toUnsignedLong(fw.readHeartbeat() - first);
        long elapsed = bench.link().runtime().nanos() - begun;
        long most = elapsed / period;
        long due = elapsed / bench.link().runtime().scaled(period); // a device may be as slow as the link's time scale, and need not be
        long least = bench.link().runtime().simulated() ? due - 1 : Math.max(1, due / 2); // a busy machine may let a model sleep
        Check.that(beats >= least && beats <= most + 2, due == most
                ? "about %d heartbeats".formatted(due)
                : "%d to %d heartbeats".formatted(due, most), beats + " heartbeats");
        bench.note("%d heartbeats in %.0f ms".formatted(beats, elapsed / 1e6));
    }

    private static void hello(Bench bench, MessageRings rings) {
        MessageRings.Received reply = expect(rings, rings.send(MessageType.HELLO.code(), 1, 7, 3), MessageType.HELLO.replyCode(),
                MessageStatus.OK);
        int spoken = bench.registers().fw().readMessageAbi();
        Check.equal("agreed major version", (long) Math.min(7, FwRegs.MessageAbi.highestMajor(spoken)), reply.words()[1]);
        Check.equal("firmware version", (long) bench.registers().fw().readVersion(), reply.words()[3]);
    }

    private static void ping(Bench bench) {
        afterHello(bench, rings -> {
            for (long word : new long[]{0, -1, 0x0123_4567_89ab_cdefL}) {
                MessageRings.Received reply = expect(rings, rings.send(MessageType.PING.code(), word), MessageType.PING.replyCode(),
                        MessageStatus.OK);
                Check.hex("echo", word, reply.words()[1]);
            }
        });
    }

    private static void badChecksum(Bench bench) {
        afterHello(bench, rings -> {
            int bad = rings.nextSequence();
            rings.send(bad, MessageType.PING.code(), true, 5);
            Check.equal("status", (long) MessageStatus.BAD_CHECKSUM.code(), rings.receive().words()[0]);
            expect(rings, rings.send(MessageType.PING.code(), 6), MessageType.PING.replyCode(), MessageStatus.OK);
        });
    }

    private static void badSequence(Bench bench) {
        afterHello(bench, rings -> {
            rings.send(rings.nextSequence() + 5, MessageType.PING.code(), false, 5);
            Check.equal("status", (long) MessageStatus.BAD_SEQUENCE.code(), rings.receive().words()[0]);
            expect(rings, rings.send(MessageType.PING.code(), 6), MessageType.PING.replyCode(), MessageStatus.OK);
        });
    }

    private static void getInfo(Bench bench) {
        afterHello(bench, rings -> {
            MessageRings.Received before = expect(rings, rings.send(MessageType.GET_INFO.code()), MessageType.GET_INFO.replyCode(),
                    MessageStatus.OK);
            rings.send(rings.nextSequence(), MessageType.PING.code(), true, 0);
            rings.receive();
            bench.link().runtime().sleep(1_000_000);
            MessageRings.Received after = expect(rings, rings.send(MessageType.GET_INFO.code()), MessageType.GET_INFO.replyCode(),
                    MessageStatus.OK);
            Check.that(after.words()[1] - before.words()[1] >= 1_000_000, "uptime grows by 1 ms or more",
                    (after.words()[1] - before.words()[1]) + " ns");
            Check.that(after.words()[3] > before.words()[3], "more commands handled than " + before.words()[3],
                    Long.toString(after.words()[3]));
            Check.equal("bad messages", before.words()[4] + 1, after.words()[4]);
        });
    }

    private static void ringWrap(Bench bench) {
        bench.booted();
        try (MessageRings rings = rings(bench, SMALLEST_LOG2_MESSAGES)) {
            expect(rings, rings.send(MessageType.HELLO.code(), 1, 1, 0), MessageType.HELLO.replyCode(), MessageStatus.OK);
            for (int i = 0; i < 5 << SMALLEST_LOG2_MESSAGES; i++) {
                MessageRings.Received reply = expect(rings, rings.send(MessageType.PING.code(), i), MessageType.PING.replyCode(),
                        MessageStatus.OK);
                Check.equal("echo", (long) i, reply.words()[1]);
            }
        }
    }

    private static void expectLogged(Bench bench, Xid xid, Consumer<Bench> access) {
        bench.booted();
        int before = FaultLog.total(bench);
        access.accept(bench);
        FaultLog.expect(bench, before, xid);
    }

    private static void readReserved(Bench bench) {
        bench.forbidden().readReserved();
    }

    private static void readNarrow(Bench bench) {
        bench.forbidden().readNarrow();
    }

    private static void xidEvent(Bench bench) {
        afterHello(bench, rings -> {
            long begun = bench.registers().timer().readNow();
            readReserved(bench);
            MessageRings.Received event;
            do {
                event = rings.receive(); // older events may have waited for a ring
                Check.hex("type", MessageType.XID.code(), event.type());
            } while (event.words()[5] < begun);
            Check.equal("answers", 0, event.replyTo());
            Check.equal("XID", (long) Xid.REGFAB_RESERVED_REGISTER_ADDRESS_ACCESSED.number(), event.words()[0]);
            Check.that(event.words()[5] <= bench.registers().timer().readNow(), "device time of the access", event.words()[5] + " ns");
        });
    }

    private static void shutdown(Bench bench) {
        afterHello(bench,
                rings -> expect(rings, rings.send(MessageType.SHUTDOWN.code()), MessageType.SHUTDOWN.replyCode(), MessageStatus.OK));
        Check.that(bench.function().poll(() -> bench.bare().boot().state() == BootState.HALTED, SHUTDOWN_NANOS), "HALTED within 1 s",
                bench.bare().boot().state().toString());
        int beat = bench.registers().fw().readHeartbeat();
        bench.link().runtime().sleep(50_000_000);
        Check.equal("heartbeat of a halted firmware", beat, bench.registers().fw().readHeartbeat());
    }

    private static MessageRings.Received expect(MessageRings rings, int command, int type, MessageStatus status) {
        MessageRings.Received reply = rings.replyTo(command);
        Check.hex("reply type", type, reply.type());
        Check.equal("status", status, MessageStatus.of(reply.words()[0]).orElse(null));
        return reply;
    }

    private static void afterHello(Bench bench, Talk talk) {
        withRings(bench, rings -> {
            expect(rings, rings.send(MessageType.HELLO.code(), 1, 1, 0), MessageType.HELLO.replyCode(), MessageStatus.OK);
            talk.with(rings);
        });
    }

    private static void withRings(Bench bench, Talk talk) {
        bench.booted();
        try (MessageRings rings = rings(bench, LOG2_MESSAGES)) {
            talk.with(rings);
        }
    }

    private static MessageRings rings(Bench bench, int log2) {
        return new MessageRings(bench.link(), bench.function(), bench.registers().fw(), log2);
    }

    private interface Talk {
        void with(MessageRings rings);
    }
}
