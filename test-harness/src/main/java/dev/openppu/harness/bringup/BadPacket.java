package dev.openppu.harness.bringup;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.List;

/**
 * A packet that the device has to refuse.
 *
 * @param what is bad about it, for people
 * @param word its header and setup
 */
record BadPacket(String what, int word, RawQueue.Body body) {
    private static final Rule REFUSED = Rule.guide(5,
            "A packet with an undefined type, format, scope, flag or a reserved bit set stops its queue with INVALID_PACKET and XID 384; later packets stay");
    private static final int PAGE = 4096;

    /** The case {@code queues.bad.<id>}: each of these packets is refused. */
    static Case refused(String id, String title, List<BadPacket> packets) {
        return refused(id, title, REFUSED, packets);
    }

    /** The same, by another rule. */
    static Case refused(String id, String title, Rule rule, List<BadPacket> packets) {
        return Case.of("queues.bad." + id, title, rule, bench -> refuse(bench, packets));
    }

    /** Fails unless each of these packets stops its queue and leaves the packet behind it alone. */
    static void refuse(Bench bench, List<BadPacket> packets) {
        packets.forEach(packet -> packet.refuse(bench));
        bench.note(packets.size() + " packets");
    }

    private void refuse(Bench bench) {
        try (Workshop shop = bench.workshop()) {
            shop.host(0, PAGE);
            int before = FaultLog.total(bench);
            RawQueue queue = shop.queue(RawQueue.Settings.of(2));
            long later = shop.signal(1);
            queue.put(word, body);
            queue.put(TimestampPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_NONE),
                    (ring, at) -> TimestampPacket.encode(ring, at, Workshop.HOST, later));
            queue.ring(1);
            Check.equal("error of a packet with " + what, QueueError.INVALID_PACKET, queue.awaitError());
            Check.equal("queue.error_packet after a packet with " + what, 0L, queue.registers().readErrorPacket());
            FaultLog.expect(bench, before, Xid.CP_INVALID_COMMAND);
            Check.equal("signal of the packet behind one with " + what, 1L, shop.value(later));
        }
    }
}
