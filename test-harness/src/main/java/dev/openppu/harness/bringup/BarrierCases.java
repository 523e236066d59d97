package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What barriers come to, for every mixture of what up to three dependencies hold, each in a place of its own among the five. */
final class BarrierCases {
    private static final Rule RULE = Rule.guide(5,
            "barrier-and: complete when 0 was seen in each; barrier-or: in any; a negative value fails it, but a barrier-or with 0 somewhere is met");
    private static final int NONE = AqlHeader.SCOPE_NONE;
    private static final int SYSTEM = AqlHeader.SCOPE_SYSTEM;
    private static final int PLACES = 5;
    private static final int USED = 3;
    private static final long ARRIVAL_NANOS = 1_000_000_000L;

    private BarrierCases() {}

    private enum Held {
        NO_ADDRESS, ZERO, POSITIVE, NEGATIVE
    }

    private enum End {
        MET, FAILED, WAITS, NEVER;

        long signal() {
            return this == FAILED ? Signal.FAILED : 0;
        }
    }

    static List<Case> cases() {
        return List.of(
                Case.of("queues.barrier-and.mixtures", "barrier-and, with every mixture of dependencies", RULE, bench -> run(bench, true)),
                Case.of("queues.barrier-or.mixtures", "barrier-or, with every mixture of dependencies", RULE, bench -> run(bench, false)));
    }

    private static End of(boolean all, List<Held> held) {
        if (!all && held.contains(Held.ZERO)) {
            return End.MET;
        }
        if (held.contains(Held.NEGATIVE)) {
            return End.FAILED;
        }
        if (held.contains(Held.POSITIVE)) {
            return End.WAITS;
        }
        return all ? End.MET : End.NEVER;
    }

    private static void run(Bench bench, boolean all) {
        List<List<Held>> mixtures = mixtures();
        try (Workshop shop = bench.workshop()) {
            RawQueue queue = shop.queue();
            long zero = shop.signal(0);
            long positive = shop.signal(1);
            long negative = shop.signal(-1);
            long done = shop.signal(1);
            for (int i = 0; i < mixtures.size(); i++) {
                List<Held> held = mixtures.get(i);
                End end = of(all, held);
                if (end == End.NEVER) {
                    continue;
                }
                int turn = i;
                shop.set(positive, 1);
                shop.set(done, 1);
                queue.submit(all ? BarrierPacket.andWord(false, NONE, SYSTEM) : BarrierPacket.orWord(false, NONE, SYSTEM), (ring, at) -> {
                    BarrierPacket.encode(ring, at, done);
                    for (int k = 0; k < USED; k++) {
                        BarrierPacket.dependency(ring, at, (k + turn) % PLACES, switch (held.get(k)) {
                            case NO_ADDRESS -> 0;
                            case ZERO -> zero;
                            case POSITIVE -> positive;
                            case NEGATIVE -> negative;
                        });
                    }
                });
                if (end == End.WAITS) {
                    Check.that(bench.function().poll(() -> queue.state() == QueueState.WAITING, ARRIVAL_NANOS),
                            "a barrier with %s waits".formatted(held), queue.state().toString());
                    Check.equal("completion signal of a barrier that waits for " + held, 1L, shop.value(done));
                    end = turn % 2 == 0 ? End.MET : End.FAILED;
                    shop.set(positive, end.signal());
                }
                Check.equal("completion signal of a barrier with %s, from place %d on".formatted(held, turn % PLACES), end.signal(),
                        shop.awaitEnd(done));
            }
        }
        bench.note(mixtures.size() + " mixtures");
    }

    private static List<List<Held>> mixtures() {
        List<List<Held>> mixtures = new ArrayList<>(List.of(List.of()));
        for (int k = 0; k < USED; k++) {
            mixtures = mixtures.stream().flatMap(shorter -> List.of(Held.values()).stream().map(next -> {
                List<Held> longer = new ArrayList<>(shorter);
                longer.add(next);
                return Collections.unmodifiableList(longer);
            })).toList();
        }
        return mixtures;
    }
}
