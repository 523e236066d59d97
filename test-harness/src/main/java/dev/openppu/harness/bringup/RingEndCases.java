package dev.openppu.harness.bringup;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MessageRings;
import dev.openppu.harness.bench.Workshop;
import java.util.List;
import java.util.function.Consumer;

/** Rings that are taken away while the firmware has something to say: what belongs to their owner goes with them, what everybody has to hear waits. */
final class RingEndCases {
    private static final Rule FORGOTTEN = Rule.guide(4,
            "When the rings are taken away replies not yet sent are forgotten: the first reply on new rings is that to their HELLO");
    private static final int LOG2 = 2;
    private static final int SLOTS = 1 << LOG2;
    private static final int PING = MessageType.PING.code();
    private static final long QUIET_NANOS = 2_000_000;
    private static final long TAKEN_NANOS = 1_000_000_000L;
    private static final long ERASE_BYTES = 1;

    private RingEndCases() {}

    static Stage stage() {
        return new Stage("ring-ends", "Rings that are taken away", List.of(
                Case.of("firmware.rings-taken.full", "Rings taken away full of replies", FORGOTTEN, RingEndCases::full),
                Case.of("firmware.rings-taken.update", "Rings taken away before an update's begin is answered", FORGOTTEN,
                        RingEndCases::update),
                Case.of("firmware.rings-taken.kill-context", "Rings taken away before a context's end is answered", FORGOTTEN,
                        RingEndCases::killContext),
                Case.of("firmware.rings-taken.events", "Faults while there are no rings",
                        Rule.guide(4, "Events wait while the rings are away, each is told once, in its order"), RingEndCases::events),
                Case.of("firmware.rings-taken.greeting", "Commands on new rings before HELLO",
                        Rule.guide(4, "Enabling begins anew, with sequence 1 and HELLO: other commands before it get status 6"),
                        RingEndCases::greeting)));
    }

    private static void full(Bench bench) {
        bench.booted();
        try (FirmwareTalk talk = FirmwareTalk.begin(bench, LOG2)) {
            for (int i = 0; i < 2 * SLOTS; i++) {
                talk.rings().send(PING, i);
                bench.link().runtime().sleep(QUIET_NANOS / 10);
            }
            FwRegs fw = bench.registers().fw();
            Check.that(fw.readEventTail() - fw.readEventHead() == SLOTS, "an event ring full of replies",
                    fw.readEventTail() - fw.readEventHead() + " messages");
        }
        anew(bench);
    }

    private static void update(Bench bench) {
        Presence.require(bench, "flash");
        bench.booted();
        takenAway(bench, rings -> rings.send(MessageType.UPDATE_BEGIN.code(), ERASE_BYTES));
        anew(bench);
    }

    private static void killContext(Bench bench) {
        Presence.require(bench, "compute");
        try (Workshop shop = bench.workshop()) {
            ResetOperation.Queued queued = ResetOperation.queued(shop, QueueWork.named("kernel"));
            queued.work().start().run();
            bench.function().poll(queued.work().stages().getLast().reached(), TAKEN_NANOS);
            takenAway(bench, rings -> rings.send(MessageType.KILL_CONTEXT.code(), shop.space().context()));
            anew(bench);
            queued.queue().awaitError();
        } catch (CheckFailedException e) {
            bench.function().resetMildly(); // what is endless could not be ended
            throw e;
        }
    }

    /** Sends a command that takes its time, and takes the rings away when it has been taken. */
    private static void takenAway(Bench bench, Consumer<MessageRings> command) {
        FwRegs fw = bench.registers().fw();
        try (FirmwareTalk talk = FirmwareTalk.begin(bench, LOG2)) {
            command.accept(talk.rings());
            long deadline = bench.link().runtime().deadline(TAKEN_NANOS);
            while (fw.readCommandHead() != talk.rings().sent() && bench.link().runtime().nanos() < deadline) {
                // as fast as the link lets one look
            }
            Check.equal("fw.command_head within 1 s of a command", talk.rings().sent(), fw.readCommandHead());
            FirmwareTalk.takeAway(bench);
        }
    }

    /** New rings: nothing that was said on the old ones is answered there, now or later. */
    private static void anew(Bench bench) {
        FirmwareTalk.takeAway(bench);
        try (FirmwareTalk talk = FirmwareTalk.begin(bench, LOG2)) {
            bench.link().runtime().sleep(bench.link().runtime().scaled(10 * QUIET_NANOS));
            for (long i = 1; i <= 2 * SLOTS; i++) {
                Check.equal("echo " + i, i, talk.ask(MessageStatus.OK, MessageType.PING, i).words()[1]);
            }
        }
    }

    private static void events(Bench bench) {
        bench.booted();
        FirmwareTalk.takeAway(bench);
        long begun = bench.registers().timer().readNow();
        int before = FaultLog.total(bench);
        bench.forbidden().readReserved();
        FaultLog.expect(bench, before, Xid.REGFAB_RESERVED_REGISTER_ADDRESS_ACCESSED);
        bench.forbidden().readNarrow();
        FaultLog.expect(bench, before + 1, Xid.REGFAB_ILLEGAL_REGISTER_ACCESS);
        MessageRings rings = new MessageRings(bench.link(), bench.function(), bench.registers().fw(), LOG2);
        try (rings) {
            Check.equal("XID told first", (long) Xid.REGFAB_RESERVED_REGISTER_ADDRESS_ACCESSED.number(), xidSince(rings, begun).words()[0]);
            Check.equal("XID told second", (long) Xid.REGFAB_ILLEGAL_REGISTER_ACCESS.number(), xidSince(rings, begun).words()[0]);
        }
        FirmwareTalk.takeAway(bench);
        try (FirmwareTalk talk = FirmwareTalk.begin(bench, LOG2)) {
            int ping = talk.rings().send(PING, 1);
            MessageRings.Received next;
            do {
                next = talk.rings().receive();
                Check.that(next.type() != MessageType.XID.code() || next.words()[5] < begun, "an XID that was told is not told again",
                        "XID " + next.words()[0]);
            } while (next.replyTo() != ping);
        }
    }

    private static MessageRings.Received xidSince(MessageRings rings, long nanos) {
        MessageRings.Received event;
        do {
            event = rings.receive();
        } while (event.type() != MessageType.XID.code() || event.words()[5] < nanos);
        return event;
    }

    private static void greeting(Bench bench) {
        bench.booted();
        try (FirmwareTalk talk = FirmwareTalk.begin(bench)) {
            talk.ask(MessageStatus.OK, MessageType.PING, 1);
        }
        FirmwareTalk.takeAway(bench);
        try (MessageRings rings = new MessageRings(bench.link(), bench.function(), bench.registers().fw(), LOG2)) {
            for (MessageType type : MessageType.values()) {
                if (type != MessageType.HELLO && type.code() < MessageType.XID.code()) {
                    Check.equal("status of %s before HELLO".formatted(type), (long) MessageStatus.HELLO_FIRST.code(),
                            rings.replyTo(rings.send(type.code())).words()[0]);
                }
            }
        }
    }
}
