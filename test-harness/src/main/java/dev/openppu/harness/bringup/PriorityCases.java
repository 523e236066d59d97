package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Priorities of queues: the higher one goes first, and nobody waits for ever.
 *
 * <p>A crowd of queues has far more to do than engines or front end can do at once. In its midst it releases one more queue, of another priority, and device time tells when that one is done: how fast the host
 * looks does not matter.
 */
final class PriorityCases {
    private static final Rule FIRST = Rule.guide(5,
            "Priorities are strict: work of a higher one goes before all work of a lower one that waits");
    private static final Rule NOBODY_STARVES = Rule.guide(5,
            "Nobody waits for ever: a lower queue is served once after 8 packets of higher ones at the copy engines, once after 4 turns in the front end");
    private static final int LOWEST = 0;
    private static final int HIGHEST = 3;
    /** Queues that keep the engines busy, with up to 8 packets in flight each. */
    private static final int CROWD = 3;
    /** Of each of them: in all ten times as many as may be in front of one of a lower priority. */
    private static final int COPIES = 60;
    /** Of each of them: many turns of 32 packets. */
    private static final int VALUES = 240;
    /** The same where a device of software runs in real time: so many that what it takes to wake a thread of it is nothing beside them. */
    private static final int MANY_VALUES = 16 * VALUES;
    /** Packets of the first queue before it releases the one more. */
    private static final int BEFORE = 4;
    private static final int BYTES = 128 << 10;
    private static final int TIMES = 0x4_0000;
    private static final int LOG2 = 12;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    private static final int COPY = CopyPacket.word(false, SYSTEM, SYSTEM);
    private static final int WRITE = WriteValuePacket.word(false, AqlHeader.SCOPE_NONE, SYSTEM);
    private static final int STAMP = TimestampPacket.word(false, AqlHeader.SCOPE_NONE, SYSTEM);

    private PriorityCases() {}

    static Stage stage() {
        List<Case> cases = new ArrayList<>();
        for (int level = LOWEST; level < HIGHEST; level++) {
            int low = level;
            cases.add(
                    Case.of("queues.priority.copies-starve.level-" + low, "A copy of priority %d among many of the highest".formatted(low),
                            NOBODY_STARVES, bench -> copies(bench, HIGHEST, low, 2)));
        }
        cases.add(Case.of("queues.priority.copies-first", "A copy of the highest priority among many of the lowest", FIRST,
                bench -> copies(bench, LOWEST, HIGHEST, 12)));
        cases.add(Case.of("queues.priority.front-end-starves", "A value of the lowest priority among many of the highest", NOBODY_STARVES,
                bench -> values(bench, HIGHEST, LOWEST, 2)));
        cases.add(Case.of("queues.priority.front-end-first", "A value of the highest priority among many of the lowest", FIRST,
                bench -> values(bench, LOWEST, HIGHEST, 12)));
        return new Stage("priorities", "Priorities of queues", cases);
    }

    private static void copies(Bench bench, int crowd, int one, int share) {
        Presence.require(bench, "copy");
        try (Workshop shop = bench.workshop()) {
            shop.device(0, BYTES);
            judge(shop, new Crowd(crowd, one, COPIES, PriorityCases::copy), share);
        }
    }

    private static void values(Bench bench, int crowd, int one, int share) {
        Presence.require(bench, "queue");
        try (Workshop shop = bench.workshop()) {
            int packets = bench.link().runtime().simulated() ? VALUES : MANY_VALUES;
            judge(shop, new Crowd(crowd, one, packets, PriorityCases::value), share);
        }
    }

    /**
     * Who competes.
     *
     * @param crowd priority of the many
     * @param one priority of the one more
     * @param packets of each of the many
     * @param work puts one packet
     */
    private record Crowd(int crowd, int one, int packets, Consumer<RawQueue> work) {}

    /** @param share the one more has to be done when at most one part in so many is done of what is left of the crowd's work at its release */
    private static void judge(Workshop shop, Crowd crowd, int share) {
        MemorySegment host = shop.host(0, TIMES + 4096).memory();
        List<RawQueue> many = IntStream.range(0, CROWD).mapToObj(_ -> shop.queue(RawQueue.Settings.of(LOG2).withPriority(crowd.crowd())))
                .toList();
        RawQueue one = shop.queue(RawQueue.Settings.of(LOG2).withPriority(crowd.one()));
        long released = shop.signal(1);
        long done = shop.signal(CROWD + 1L);
        one.submit(BarrierPacket.andWord(false, AqlHeader.SCOPE_NONE, SYSTEM), (ring, at) -> {
            BarrierPacket.encode(ring, at, 0);
            BarrierPacket.dependency(ring, at, 0, released);
        });
        crowd.work().accept(one);
        one.ring(stamp(one, 1, done));
        for (int i = CROWD - 1; i >= 0; i--) {
            RawQueue queue = many.get(i);
            for (int packet = 0; packet < crowd.packets(); packet++) {
                if (i == 0 && packet == BEFORE) {
                    stamp(queue, 0, released);
                }
                crowd.work().accept(queue);
            }
            stamp(queue, 2 + i, done);
        }
        for (int i = CROWD - 1; i >= 0; i--) {
            many.get(i).ring(crowd.packets() + (i == 0 ? 1 : 0));
        }
        shop.await(done);
        long begun = time(host, 0);
        long end = IntStream.range(0, CROWD).mapToLong(i -> time(host, 2 + i)).max().orElseThrow();
        long waited = time(host, 1) - begun;
        Check.that(waited < (end - begun) / share,
                "work of priority %d done before a %s of what %d queues of priority %d have left to do".formatted(crowd.one(),
                        share == 2 ? "half" : share + "th", CROWD, crowd.crowd()),
                "done after %,d of %,d ns".formatted(waited, end - begun));
        shop.bench().note("%,d of %,d ns".formatted(waited, end - begun));
    }

    private static void copy(RawQueue queue) {
        queue.put(COPY, (ring, at) -> CopyPacket.encode(ring, at, 0, Workshop.HOST, Workshop.DEVICE, BYTES, 0));
    }

    private static void value(RawQueue queue) {
        queue.put(WRITE, (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST, 1, 0));
    }

    /** Device time when all before it in its queue is done; returns its index. */
    private static long stamp(RawQueue queue, int place, long signal) {
        return queue.put(STAMP, (ring, at) -> TimestampPacket.encode(ring, at, Workshop.HOST + TIMES + 8L * place, signal));
    }

    private static long time(MemorySegment host, int place) {
        return host.get(ValueLayout.JAVA_LONG, TIMES + 8L * place);
    }
}
