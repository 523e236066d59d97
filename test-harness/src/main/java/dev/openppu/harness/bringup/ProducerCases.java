package dev.openppu.harness.bringup;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.RawQueue;
import dev.openppu.harness.bench.Workshop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Several producers at once, each a thread of the link's own. */
final class ProducerCases {
    private static final int PRODUCERS = 4;
    private static final int WRITE = WriteValuePacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM);
    private static final long END_NANOS = 30_000_000_000L;

    private ProducerCases() {}

    static Stage stage(SuiteSettings settings) {
        int packets = settings.thorough() ? 2000 : 120;
        return new Stage("producers", "Several producers", List.of(
                Case.of("queues.producers.one-queue", "%d producers on one queue".formatted(PRODUCERS),
                        Rule.guide(5,
                                "On a multi-producer queue producers ring for their own packets, in any order; each packet is taken once"),
                        bench -> oneQueue(bench, packets)),
                Case.of("queues.producers.queue-each", "%d producers, a queue each".formatted(PRODUCERS),
                        Rule.guide(5, "Queues do not disturb each other"), bench -> queueEach(bench, packets))));
    }

    private static void oneQueue(Bench bench, int packets) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, (long) PRODUCERS * packets * Integer.BYTES).memory();
            RawQueue queue = shop.queue(RawQueue.Settings.of(4).withMultiProducer());
            long signal = shop.signal((long) PRODUCERS * packets);
            AtomicLong next = new AtomicLong();
            run(bench, producer -> {
                for (int i = 0; i < packets; i++) {
                    int word = producer * packets + i;
                    long index = next.getAndIncrement();
                    queue.put(index, WRITE,
                            (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST + 4L * word, word + 1, signal));
                    queue.ring(index);
                }
            });
            shop.await(signal);
            check(host, PRODUCERS * packets);
            Check.equal("queue.read_index", (long) PRODUCERS * packets, queue.registers().readReadIndex());
        }
    }

    private static void queueEach(Bench bench, int packets) {
        try (Workshop shop = bench.workshop()) {
            MemorySegment host = shop.host(0, (long) PRODUCERS * packets * Integer.BYTES).memory();
            List<RawQueue> queues = new ArrayList<>();
            List<Long> signals = new ArrayList<>();
            for (int i = 0; i < PRODUCERS; i++) {
                queues.add(shop.queue(RawQueue.Settings.of(3)));
                signals.add(shop.signal(packets));
            }
            run(bench, producer -> {
                for (int i = 0; i < packets; i++) {
                    int word = producer * packets + i;
                    queues.get(producer).submit(WRITE,
                            (ring, at) -> WriteValuePacket.encode(ring, at, 0, Workshop.HOST + 4L * word, word + 1,
                                    signals.get(producer)));
                }
            });
            signals.forEach(shop::await);
            check(host, PRODUCERS * packets);
        }
    }

    private static void check(MemorySegment host, int words) {
        for (int i = 0; i < words; i++) {
            Check.equal("word %d of %d".formatted(i, words), i + 1, host.get(ValueLayout.JAVA_INT, 4L * i));
        }
    }

    private interface Producer {
        void produce(int number);
    }

    private static void run(Bench bench, Producer producer) {
        LinkRuntime runtime = bench.link().runtime();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        List<LinkRuntime.Worker> workers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            int number = i;
            workers.add(runtime.start("producer " + i, () -> {
                try {
                    producer.produce(number);
                } catch (RuntimeException e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        long deadline = runtime.deadline(END_NANOS);
        for (LinkRuntime.Worker worker : workers) {
            Check.that(worker.join(deadline), "producers that end", "one that waits for space");
        }
        RuntimeException first = failure.get();
        if (first != null) {
            throw first;
        }
    }
}
