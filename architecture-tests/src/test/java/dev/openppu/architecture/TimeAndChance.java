package dev.openppu.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * The calls by which the JDK gives out real time, chance, threads and waiting. What makes them makes a run more than its seed.
 *
 * <p>Locks are not among them: under the simulated clock one thread runs at a time and finds every lock free.
 */
final class TimeAndChance {
    private static final Set<String> ANY = Set.of("*");
    private static final String NEW = "<init>";

    private static final Map<String, Set<String>> SOURCES = Map.ofEntries(
            // time, and the identity hash, which is chance
            calls("java.lang.System", "nanoTime", "currentTimeMillis", "identityHashCode"),
            calls("java.time.Instant", "now"), calls("java.time.LocalDate", "now"), calls("java.time.LocalTime", "now"),
            calls("java.time.LocalDateTime", "now"), calls("java.time.ZonedDateTime", "now"), calls("java.time.OffsetDateTime", "now"),
            calls("java.time.Clock", "systemUTC", "systemDefaultZone", "system", "tick", "tickMillis", "tickSeconds"),
            calls("java.util.Date", NEW), calls("java.util.Timer", NEW),
            // chance
            calls("java.util.Random", "*"), calls("java.util.SplittableRandom", "*"), calls("java.util.concurrent.ThreadLocalRandom", "*"),
            calls("java.util.random.RandomGenerator", "*"), calls("java.util.random.RandomGeneratorFactory", "*"),
            calls("java.security.SecureRandom", "*"), calls("java.lang.Math", "random"), calls("java.util.UUID", "randomUUID"),
            calls("java.util.Collections", "shuffle"),
            // threads
            calls("java.lang.Thread", NEW, "ofPlatform", "ofVirtual", "startVirtualThread", "start", "sleep", "join", "yield",
                    "onSpinWait"),
            calls("java.util.concurrent.Executors", "*"), calls("java.util.concurrent.ForkJoinPool", "*"),
            calls("java.util.concurrent.ThreadPoolExecutor", NEW), calls("java.util.concurrent.ScheduledThreadPoolExecutor", NEW),
            calls("java.util.Collection", "parallelStream"), calls("java.util.stream.BaseStream", "parallel"),
            // waiting
            calls("java.lang.Object", "wait"), calls("java.util.concurrent.locks.LockSupport", "*"),
            calls("java.util.concurrent.locks.Condition", "await", "awaitNanos", "awaitUntil", "awaitUninterruptibly"),
            calls("java.util.concurrent.CountDownLatch", "await"), calls("java.util.concurrent.CyclicBarrier", "await"),
            calls("java.util.concurrent.Phaser", "*"), calls("java.util.concurrent.Exchanger", "*"),
            calls("java.util.concurrent.Semaphore", "acquire", "acquireUninterruptibly"),
            calls("java.util.concurrent.Future", "get"),
            calls("java.util.concurrent.CompletableFuture", "get", "join", "supplyAsync", "runAsync", "orTimeout", "completeOnTimeout",
                    "delayedExecutor", "thenRunAsync", "thenApplyAsync", "thenAcceptAsync", "whenCompleteAsync", "handleAsync",
                    "thenComposeAsync", "completeAsync"),
            calls("java.util.concurrent.BlockingQueue", "put", "take", "poll", "offer"),
            calls("java.util.concurrent.LinkedBlockingQueue", "*"), calls("java.util.concurrent.ArrayBlockingQueue", "*"),
            calls("java.util.concurrent.SynchronousQueue", "*"), calls("java.util.concurrent.DelayQueue", "*"));

    private TimeAndChance() {}

    /** A call of any of them, or a reference to it. */
    static DescribedPredicate<JavaAccess<?>> source() {
        return describe("takes time, chance, threads or waiting from the JDK", call -> isSource(call.getTarget()));
    }

    private static boolean isSource(AccessTarget target) {
        Set<String> names = SOURCES.getOrDefault(target.getOwner().getName(), Set.of());
        return names.equals(ANY) || names.contains(target.getName());
    }

    private static Map.Entry<String, Set<String>> calls(String owner, String... names) {
        return Map.entry(owner, Set.copyOf(Arrays.asList(names)));
    }
}
