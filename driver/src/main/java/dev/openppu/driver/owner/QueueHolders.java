package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.owner.OwnerService.QueueRequest;
import dev.openppu.driver.owner.hang.WatchedQueues.Ring;
import dev.openppu.hal.dma.DmaMapping;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Who holds which hardware queue. {@link QueueManager} gives them out and takes them back, one at a time; anybody may look meanwhile. Thread-safe. */
public final class QueueHolders {
    /** One queue of so many is kept for contexts that have none yet. */
    private static final int KEPT_SHARE = 8;

    private final DeviceAccess device;
    private final AtomicReferenceArray<@Nullable Holding> holdings;

    /**
     * Who holds a queue, and its ring.
     *
     * @param opening number of the holding: no other of this device has it
     * @param context number in the device
     * @param object what it is for
     * @param packets the ring
     * @param completions where its completions are counted, once that is known
     * @param over it owes nobody anything any more
     */
    record Holding(long opening, int context, String object, boolean multiProducer, DmaMapping mapping, MemorySegment packets,
            ReadIndex readIndex, QueueDoorbell doorbell, AtomicReference<@Nullable CompletionCount> completions, AtomicBoolean over) {
        Ring look() {
            long taken = readIndex.taken();
            long slot = (taken & packets.byteSize() / AqlHeader.PACKET_BYTES - 1) * AqlHeader.PACKET_BYTES;
            return new Ring(opening, taken, AqlHeader.type(AqlHeader.acquire(packets, slot)) != AqlHeader.TYPE_INVALID);
        }
    }

    /** @param queues how many there are */
    QueueHolders(DeviceAccess device, int queues) {
        this.device = device;
        this.holdings = new AtomicReferenceArray<>(queues);
    }

    /** How many queues the device has. */
    int size() {
        return holdings.length();
    }

    @Nullable
    Holding of(int number) {
        return holdings.get(number);
    }

    void give(int number, Holding holding) {
        holdings.set(number, holding);
    }

    @Nullable
    Holding take(int number) {
        return holdings.getAndSet(number, null);
    }

    /** Queues that somebody holds, ascending. */
    public List<Integer> held() {
        return numbers(holding -> true);
    }

    /** Queues of a context, ascending. */
    public List<Integer> ofContext(int context) {
        return numbers(holding -> holding.context == context);
    }

    private List<Integer> numbers(Predicate<Holding> wanted) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < holdings.length(); i++) {
            Holding holding = holdings.get(i);
            if (holding != null && wanted.test(holding)) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    /** How many are {@link #held}. */
    int count() {
        return held().size();
    }

    /** Number of the context that holds a queue; empty if nobody does. */
    public OptionalInt contextOf(int number) {
        Holding holding = holdings.get(number);
        return holding == null ? OptionalInt.empty() : OptionalInt.of(holding.context);
    }

    /** Whether the context holds this queue. */
    boolean holds(int context, int number) {
        Holding holding = number >= 0 && number < holdings.length() ? holdings.get(number) : null;
        return holding != null && holding.context == context;
    }

    /** Whether a client rings a doorbell just now. */
    boolean ringing() {
        return !numbers(holding -> holding.doorbell.ringing()).isEmpty();
    }

    /**
     * The first queue that nobody holds.
     *
     * @throws PpuException LAUNCH_OUT_OF_RESOURCES, naming who holds them, if the request may have none of them; NOT_SUPPORTED if there are none at all
     */
    int free(QueueRequest request) {
        int kept = holdings.length() / KEPT_SHARE;
        if (request.spare() && holdings.length() - count() <= kept) {
            throw device.failure(HgResult.LAUNCH_OUT_OF_RESOURCES, "queues",
                    "the last %d of %d hardware queues are kept for contexts that have none; the others are taken: %s".formatted(kept,
                            holdings.length(), names()),
                    "share the queues that the context has");
        }
        for (int i = 0; i < holdings.length(); i++) {
            if (holdings.get(i) == null) {
                return i;
            }
        }
        if (holdings.length() == 0) {
            throw device.failure(HgResult.NOT_SUPPORTED, "queues", "the device has no command queues", "use a device that has them");
        }
        throw device.failure(HgResult.LAUNCH_OUT_OF_RESOURCES, "queues",
                "all %d hardware queues are taken: %s".formatted(holdings.length(), names()),
                "close a context, or its streams of one priority");
    }

    private String names() {
        Map<String, Long> counts = IntStream.range(0, holdings.length()).mapToObj(holdings::get).filter(Objects::nonNull)
                .collect(Collectors.groupingBy(Holding::object, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream().map(e -> e.getValue() + " by " + e.getKey()).collect(Collectors.joining(", "));
    }
}
