package dev.openppu.system;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextOptions;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.SchedulingPolicy;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Virtual threads that wait for the device in every way there is, on as few carriers as the command line gives, while another virtual thread opens what they wait for. Ends
 * with {@link #DONE}, or with what did not happen.
 */
final class VirtualThreadProcess {
    static final String DONE = "done";
    private static final int WAITERS = 8;

    private VirtualThreadProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Ppu ppu = Ppu.open("model:zw810e")) {
            for (SchedulingPolicy policy : SchedulingPolicy.values()) {
                run(ppu, policy);
            }
        }
        System.out.println(DONE);
    }

    private static void run(Ppu ppu, SchedulingPolicy policy) throws InterruptedException {
        try (Context context = ppu.createContext(ContextOptions.defaults().withScheduling(policy));
                PinnedBuffer gate = context.allocatePinned(64);
                Stream full = context.createStream(StreamOptions.defaults().withLog2Packets(2));
                Stream stream = context.createStream();
                Event event = context.createEvent(EventFlag.BLOCKING_SYNC)) {
            stream.waitValue32(gate, 0, Compare.EQUAL, 1);
            stream.record(event);
            full.waitValue32(gate, 0, Compare.EQUAL, 1);
            List<Runnable> waits = List.of(stream::synchronize, event::synchronize, context::synchronize, () -> stream.done().join(),
                    () -> stream.copyToHost(MemorySegment.ofArray(new byte[64]), gate, 0), () -> {
                        for (int i = 0; i < 32; i++) {
                            full.writeValue32(gate, 8, i); // more than the queue holds
                        }
                    });
            CountDownLatch begun = new CountDownLatch(WAITERS * waits.size());
            CountDownLatch ended = new CountDownLatch(WAITERS * waits.size());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < WAITERS; i++) {
                for (Runnable wait : waits) {
                    threads.add(Thread.ofVirtual().start(() -> {
                        begun.countDown();
                        wait.run();
                        ended.countDown();
                    }));
                }
            }
            Thread opener = Thread.ofVirtual().start(() -> {
                try {
                    begun.await();
                    Thread.sleep(50); // all of them wait
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
            });
            if (!ended.await(20, TimeUnit.SECONDS)) {
                System.out.println(policy + ": " + ended.getCount() + " threads still wait, the opener is " + opener.getState());
                threads.stream().filter(Thread::isAlive).map(t -> t.getState() + " " + List.of(t.getStackTrace())).distinct()
                        .forEach(System.out::println);
                Runtime.getRuntime().halt(1);
            }
        }
    }
}
