package dev.openppu.model.fault;

import dev.openppu.abi.reg.Engine;
import dev.openppu.hal.ResetKind;
import dev.openppu.model.census.Census;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The device's side of a {@link FaultInjector}: each block asks here at the points where it may go wrong. Used under the device's exclusion. */
public final class FaultPlan {
    /** How much longer a reset takes that never ends. */
    public static final long NEVER = Long.MAX_VALUE;
    private static final long LATEST_COMPLETION_NANOS = 5_000_000;
    private static final long SLOWEST_RESET_NANOS = 1_500_000_000;

    private final Census census = new Census();
    final Counted drops = new Counted();
    final Set<Engine> hungEngines = EnumSet.noneOf(Engine.class);
    final Set<Integer> hungQueues = new HashSet<>();
    final Map<Engine, Fate> engineResets = new EnumMap<>(Engine.class);
    final Map<Integer, Fate> queueResets = new HashMap<>();
    final Map<ResetKind, Fate> functionResets = new EnumMap<>(ResetKind.class);
    final Counted lostDoorbells = new Counted();
    final Counted repeatedCompletions = new Counted();
    int failedPreemptions;
    int damagedMessages;

    private final Map<Engine, Runnable> engines = new EnumMap<>(Engine.class);
    private @Nullable DeviceFaults device;
    private Runnable queues = () -> {};
    private final Counted delays = new Counted();
    private long delay;
    private final long[] passages = new long[FaultPoint.values().length];
    private final List<Strike> struck = new ArrayList<>();
    private volatile @Nullable FaultSource source;
    private Mishaps mishaps = (strike, queue) -> {};

    /** What becomes of the next {@code count} resets of something: they take {@code extraNanos} longer, or {@link #NEVER} succeed. */
    record Fate(int count, long extraNanos) {}

    /** So many more of each key, or of any. */
    static final class Counted {
        private final Map<Integer, Integer> left = new HashMap<>();

        void add(int key, int count) {
            left.merge(key, count, Integer::sum);
        }

        boolean take(int key) {
            return !left.isEmpty() && (takeExactly(key) || takeExactly(FaultInjector.ANY));
        }

        private boolean takeExactly(int key) {
            Integer count = left.get(key);
            if (count == null) {
                return false;
            }
            if (count <= 1) {
                left.remove(key);
            } else {
                left.put(key, count - 1);
            }
            return count > 0;
        }
    }

    /** What has passed so far, whether it went wrong or not. */
    public Census census() {
        return census;
    }

    /** Called once, by the device. */
    public void connect(DeviceFaults faults) {
        device = faults;
    }

    DeviceFaults device() {
        DeviceFaults connected = device;
        if (connected == null) {
            throw new IllegalStateException("this device's logic has no faults of its own");
        }
        return connected;
    }

    // ---------------------------------------------------------------- what strikes by itself

    /** From now on {@code source} decides; passages are counted anew. */
    synchronized void arm(FaultSource from) {
        Arrays.fill(passages, 0);
        struck.clear();
        source = from;
    }

    /** Nothing strikes by itself any more. */
    synchronized void disarm() {
        source = null;
    }

    /** What has struck since the source was armed, in its order. */
    synchronized List<Strike> struck() {
        return List.copyOf(struck);
    }

    /** Carries out what strikes at the start of a packet. */
    @FunctionalInterface
    interface Mishaps {
        /** @param queue of the packet */
        void happen(Strike strike, int queue);
    }

    void carryOutBy(Mishaps by) {
        mishaps = by;
    }

    /**
     * This point is being passed: what goes wrong there, as dice for how, or {@link FaultSource#NOTHING}. Thread-safe: in real time DMA is done outside the device's
     * exclusion, too.
     */
    public long strikes(FaultPoint point) {
        return source == null ? FaultSource.NOTHING : ask(point);
    }

    private synchronized long ask(FaultPoint point) {
        FaultSource asked = source;
        if (asked == null) {
            return FaultSource.NOTHING;
        }
        long passage = ++passages[point.ordinal()];
        long dice = asked.dice(point, passage);
        if (dice != FaultSource.NOTHING) {
            struck.add(new Strike(point, passage, dice));
        }
        return dice;
    }

    /**
     * A packet of the queue starts: a moment as good as any for what goes wrong at any time.
     *
     * @param word that the packet begins with
     */
    public void packetStarts(int queue, int word) {
        census.packet(word);
        if (source == null) {
            return;
        }
        for (FaultPoint point : FaultPoint.AT_PACKETS) {
            long dice = ask(point);
            if (dice != FaultSource.NOTHING) {
                mishaps.happen(new Strike(point, passages[point.ordinal()], dice), queue);
            }
        }
    }

    static void demandResettable(Engine engine) {
        if (engine != Engine.COPY0 && engine != Engine.COPY1 && engine != Engine.COMPUTE) {
            throw new IllegalArgumentException(engine + " is neither a copy engine nor the compute engine");
        }
    }

    /** Whether this message of the vector is lost; asked once for each. */
    public boolean dropsInterrupt(int vector) {
        return drops.take(vector) || strikes(FaultPoint.INTERRUPT_LOST) != FaultSource.NOTHING;
    }

    /** Whether the engine stands still. */
    public boolean hung(Engine engine) {
        return !hungEngines.isEmpty() && hungEngines.contains(engine);
    }

    /** Whether the queue's front end stands still. */
    public boolean hung(int queue) {
        return !hungQueues.isEmpty() && hungQueues.contains(queue);
    }

    /** {@code goOn} is called when the engine no longer stands still. */
    public void whenUnhung(Engine engine, Runnable goOn) {
        engines.put(engine, goOn);
    }

    /** The same for queues. */
    public void whenQueueUnhung(Runnable goOn) {
        queues = goOn;
    }

    void unhang(Engine engine) {
        if (hungEngines.remove(engine)) {
            engines.getOrDefault(engine, () -> {}).run();
        }
    }

    void unhangQueue(int queue) {
        if (hungQueues.remove(queue)) {
            queues.run();
        }
    }

    /** A reset of the engine has succeeded. */
    public void engineReset(Engine engine) {
        hungEngines.remove(engine);
    }

    /** A reset of the queue has succeeded. */
    public void queueReset(int queue) {
        hungQueues.remove(queue);
    }

    /** The function is being reset. */
    public void functionReset() {
        hungEngines.clear();
        hungQueues.clear();
    }

    void delayCompletions(int queue, int count, long nanos) {
        delays.add(queue, count);
        delay = nanos;
    }

    /** How much later this packet of the queue completes; asked once for each. */
    public long completionDelay(int queue) {
        if (delays.take(queue)) {
            return delay;
        }
        long dice = strikes(FaultPoint.COMPLETION_LATE);
        return dice == FaultSource.NOTHING ? 0 : 1 + Long.remainderUnsigned(dice, LATEST_COMPLETION_NANOS);
    }

    /** Whether this ring of the queue's doorbell is lost; asked once for each. */
    public boolean losesDoorbell(int queue) {
        return lostDoorbells.take(queue) || strikes(FaultPoint.DOORBELL_LOST) != FaultSource.NOTHING;
    }

    /** Whether this packet of the queue completes twice; asked once for each. */
    public boolean repeatsCompletion(int queue) {
        return repeatedCompletions.take(queue) || strikes(FaultPoint.COMPLETION_TWICE) != FaultSource.NOTHING;
    }

    /** Whether this message of the firmware is damaged on its way; asked once for each. */
    public boolean damagesMessage() {
        if (damagedMessages == 0) {
            return strikes(FaultPoint.MESSAGE_DAMAGED) != FaultSource.NOTHING;
        }
        damagedMessages--;
        return true;
    }

    /** Whether this kernel cannot be put aside; asked once for each that ought to be. */
    public boolean failsPreemption() {
        if (failedPreemptions == 0) {
            return strikes(FaultPoint.PREEMPTION_FAILED) != FaultSource.NOTHING;
        }
        failedPreemptions--;
        return true;
    }

    /** How much longer this reset of the engine takes, or {@link #NEVER}; asked once for each. */
    public long extraNanos(Engine engine) {
        census.reset(engine);
        long planned = take(engineResets, engine);
        return planned == 0 && strikes(FaultPoint.ENGINE_RESET_FAILED) != FaultSource.NOTHING ? NEVER : planned;
    }

    /** How much longer this reset of the queue takes, or {@link #NEVER}; asked once for each. */
    public long queueResetExtraNanos(int queue) {
        census.queueReset();
        long planned = take(queueResets, queueResets.containsKey(queue) ? queue : FaultInjector.ANY);
        return planned == 0 && strikes(FaultPoint.QUEUE_RESET_FAILED) != FaultSource.NOTHING ? NEVER : planned;
    }

    /** How much later the function answers after this reset, or {@link #NEVER}; asked once for each. */
    public long extraNanos(ResetKind kind) {
        census.reset(kind);
        long planned = take(functionResets, kind);
        if (planned != 0) {
            return planned;
        }
        if (strikes(FaultPoint.FUNCTION_RESET_FAILED) != FaultSource.NOTHING) {
            return NEVER;
        }
        long dice = strikes(FaultPoint.FUNCTION_RESET_SLOW);
        return dice == FaultSource.NOTHING ? 0 : 1 + Long.remainderUnsigned(dice, SLOWEST_RESET_NANOS);
    }

    private static <K> long take(Map<K, Fate> fates, K key) {
        Fate fate = fates.get(key);
        if (fate == null) {
            return 0;
        }
        if (fate.count() <= 1) {
            fates.remove(key);
        } else {
            fates.put(key, new Fate(fate.count() - 1, fate.extraNanos()));
        }
        return fate.count() > 0 ? fate.extraNanos() : 0;
    }
}
