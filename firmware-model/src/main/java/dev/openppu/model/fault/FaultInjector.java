package dev.openppu.model.fault;

import dev.openppu.abi.reg.Engine;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.TestPoints;
import dev.openppu.model.census.Census;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.sim.World;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with a model, as a test says: reached by {@code ModelLink.faults()}. The device meets it through {@link #plan()}; software above the link never
 * sees it.
 *
 * <p>Thread-safe, under both clocks. Calls take effect at once and in the order in which they are made; nothing here is a scheduling point. Plans outlive resets
 * of the device except where a method says otherwise.
 */
public final class FaultInjector implements TestPoints {
    /** Any vector, any queue. */
    public static final int ANY = -1;
    private static final long LATEST_MISHAP_NANOS = 100_000;
    private static final int SOME_VECTORS = 10;
    private static final long STORM_NANOS = 2_000;
    private static final long STORM_ENDS_NANOS = 5_000_000;
    private static final long SLOW_FIRMWARE_NANOS = 10_000_000;
    private static final double ROOM_CELSIUS = 25;
    /** Air in which a die that is slowed down stays below the shutdown, whatever its load. */
    private static final double HOT_CELSIUS = 70;
    /** A die between slowdown and shutdown, 92 and 95 (docs/device.md, section 8). */
    private static final double HOT_DIE_CELSIUS = 93;
    private static final double TOO_HOT_CELSIUS = 150;
    /** Where allocations begin; that many of its words turn over at once. */
    private static final long FIRST_WORDS = 1 << 15;
    private static final int FLIPPED_WORDS = 16;

    private final World world;
    private final FaultPlan plan = new FaultPlan();
    private final Set<Integer> storms = new HashSet<>();
    /** Under the exclusion. */
    private int mendings;
    private @Nullable Function function;

    /** What the PCIe function lends: called under the device's exclusion. */
    public interface Function {
        /** Sends a vector's message, as if the device had asked for it: masks hold it back. */
        void interrupt(int vector);

        /** The device is no longer there: nothing answers, nothing is sent, what was under way is lost. */
        void remove();

        /** It is there again, powered on anew. */
        void restore();
    }

    public FaultInjector(World world) {
        this.world = world;
    }

    /** The device's side of it. */
    public FaultPlan plan() {
        return plan;
    }

    /** Called once, by the PCIe function. */
    public void connect(Function to) {
        function = to;
    }

    // ---------------------------------------------------------------- faults by themselves

    /**
     * From now on {@code source} decides at every {@link FaultPoint} whether it strikes; what was struck before is forgotten. What a strike has done stays until
     * something mends it, as in hardware: {@link #mend} for what no reset does.
     */
    public void arm(FaultSource source) {
        plan("armed", () -> {
            plan.carryOutBy(this::happen);
            plan.arm((point, passage) -> traced(point, passage, source.dice(point, passage)));
        });
    }

    /** Nothing strikes by itself any more. */
    public void disarm() {
        plan("disarmed", plan::disarm);
    }

    /** What has struck since {@link #arm}, in its order. */
    public List<Strike> struck() {
        return plan.struck();
    }

    /** What the device has met since it was made. */
    public Census census() {
        return plan.census();
    }

    /** The last faults, 1024 at most, that the device's hardware latched for its firmware, oldest first. */
    public List<FaultReport> latched() {
        return world.exclusively(() -> plan.census().latched());
    }

    /** Air, board and cables are as they ought to be again, and the device is in its slot; what has happened to the device itself stays, what has struck and not happened yet does not happen. */
    public void mend() {
        plan("mended", () -> {
            mendings++;
            storms.clear();
            plan.device().ambient(ROOM_CELSIUS);
            plan.device().powerBrake(false);
            connected().restore();
        });
    }

    private long traced(FaultPoint point, long passage, long dice) {
        if (dice != FaultSource.NOTHING && world.trace().on()) {
            world.trace().record("fault", "strikes", new Strike(point, passage, dice).toString());
        }
        return dice;
    }

    private void happen(Strike strike, int queue) {
        String label = "fault." + strike.point().id();
        if (strike.point() == FaultPoint.QUEUE_HANG) {
            plan.hungQueues.add(queue); // now that it has work of its own
        } else {
            int before = mendings;
            world.after(Long.remainderUnsigned(strike.dice() >>> 32, LATEST_MISHAP_NANOS), label, () -> {
                if (mendings == before) {
                    carryOut(strike.point(), strike.dice());
                }
            });
        }
    }

    private void carryOut(FaultPoint point, long dice) {
        int some = (int) (dice >>> 8) & 0xffff;
        switch (point) {
            case INTERRUPT_SPURIOUS -> connected().interrupt(some % SOME_VECTORS);
            case INTERRUPT_STORM -> {
                if (storms.add(some % SOME_VECTORS)) {
                    blow(some % SOME_VECTORS, STORM_NANOS);
                    world.after(STORM_ENDS_NANOS, "fault.storm-ends", () -> storms.remove(some % SOME_VECTORS));
                }
            }
            case COPY_HANG -> plan.hungEngines.add(some % 2 == 0 ? Engine.COPY0 : Engine.COPY1);
            case COMPUTE_HANG -> plan.hungEngines.add(Engine.COMPUTE);
            case FIRMWARE_CRASH -> plan.device().crashFirmware("a fault struck");
            case FIRMWARE_HANG -> plan.device().hangFirmware();
            case FIRMWARE_SLOW -> plan.device().slowFirmware(SLOW_FIRMWARE_NANOS);
            case BIT_FLIPPED -> flipSome(dice, 1L << (some & 63), word -> !plan.device().isWrong(word));
            case BITS_FLIPPED -> flipSome(dice, 3L << (some & 31), _ -> true);
            case HEAT -> {
                plan.device().ambient(HOT_CELSIUS);
                plan.device().heat(HOT_DIE_CELSIUS); // by the air alone it would take longer than a life does
            }
            case THERMAL_TRIP -> {
                plan.device().ambient(TOO_HOT_CELSIUS);
                plan.device().heat(TOO_HOT_CELSIUS);
            }
            case POWER_BRAKE -> plan.device().powerBrake(true);
            case REMOVAL -> connected().remove();
            default -> throw new IllegalStateException(point + " does not strike at packets");
        }
    }

    /** @param which words: a second bit of one that is wrong already would be more than a single bit */
    private void flipSome(long dice, long bits, LongPredicate which) {
        for (int i = 0; i < FLIPPED_WORDS; i++) {
            long word = Long.remainderUnsigned(dice * (2L * i + 1) >>> 3, FIRST_WORDS) * Long.BYTES;
            if (which.test(word)) {
                plan.device().flipBits(word, bits);
            }
        }
    }

    // ---------------------------------------------------------------- interrupts

    /** The next {@code count} messages of a vector, or of {@link #ANY}, are lost on their way. */
    public void dropInterrupts(int vector, int count) {
        plan("drop interrupts", () -> plan.drops.add(vector, count));
    }

    /** Sends messages that nothing has caused. */
    public void sendInterrupts(int vector, int count) {
        plan("spurious interrupts", () -> {
            for (int i = 0; i < count; i++) {
                connected().interrupt(vector);
            }
        });
    }

    /** From now on a vector's message is sent every {@code nanos}, until {@link #endStorm}. */
    public void storm(int vector, long nanos) {
        if (nanos <= 0) {
            throw new IllegalArgumentException("a storm with a message every " + nanos + " ns");
        }
        plan("storm", () -> {
            if (storms.add(vector)) {
                blow(vector, nanos);
            }
        });
    }

    public void endStorm(int vector) {
        plan("storm ends", () -> storms.remove(vector));
    }

    private void blow(int vector, long nanos) {
        if (storms.contains(vector)) {
            connected().interrupt(vector);
            world.after(nanos, "fault.storm", () -> blow(vector, nanos));
        }
    }

    // ---------------------------------------------------------------- engines and queues

    /**
     * From now on the engine takes work and does not end it, and does not let go of what is cancelled: until {@link #unhang}, a reset of the engine that succeeds, or a
     * reset of the function.
     *
     * @param engine {@link Engine#COPY0}, {@link Engine#COPY1} or {@link Engine#COMPUTE}
     */
    public void hang(Engine engine) {
        FaultPlan.demandResettable(engine);
        plan("hang", () -> plan.hungEngines.add(engine));
    }

    /** The engine goes on where it stood. */
    public void unhang(Engine engine) {
        plan("unhang", () -> plan.unhang(engine));
    }

    /** From now on the front end does not serve the queue: until {@link #unhangQueue}, a reset of the queue that succeeds, or a reset of the function. */
    public void hangQueue(int queue) {
        plan("hang queue", () -> plan.hungQueues.add(queue));
    }

    public void unhangQueue(int queue) {
        plan("unhang queue", () -> plan.unhangQueue(queue));
    }

    /** The next {@code count} packets of a queue, or of {@link #ANY}, complete {@code nanos} later than they would. */
    public void delayCompletions(int queue, int count, long nanos) {
        plan("delay completions", () -> plan.delayCompletions(queue, count, nanos));
    }

    /** The next {@code count} rings of a queue's doorbell, or of {@link #ANY}, do not reach it. */
    public void loseDoorbells(int queue, int count) {
        plan("lose doorbells", () -> plan.lostDoorbells.add(queue, count));
    }

    /** The next {@code count} packets of a queue, or of {@link #ANY}, count their completion signals down twice. */
    public void repeatCompletions(int queue, int count) {
        plan("repeat completions", () -> plan.repeatedCompletions.add(queue, count));
    }

    /** The next {@code count} kernels that ought to be put aside for one of higher priority cannot be in time. */
    public void failPreemptions(int count) {
        plan("fail preemptions", () -> plan.failedPreemptions += count);
    }

    // ---------------------------------------------------------------- resets

    /** The next {@code count} resets of an engine end with {@code engine_reset.status.failed}, and the engine stays as it was. */
    public void failResets(Engine engine, int count) {
        FaultPlan.demandResettable(engine);
        plan("fail engine resets", () -> plan.engineResets.put(engine, new FaultPlan.Fate(count, FaultPlan.NEVER)));
    }

    /** The next {@code count} resets of an engine take {@code nanos} longer. */
    public void slowResets(Engine engine, int count, long nanos) {
        FaultPlan.demandResettable(engine);
        plan("slow engine resets", () -> plan.engineResets.put(engine, new FaultPlan.Fate(count, nanos)));
    }

    /** The next {@code count} resets of a queue end with {@code queue.status.reset_failed}, and its packets stay in flight. */
    public void failQueueResets(int queue, int count) {
        plan("fail queue resets", () -> plan.queueResets.put(queue, new FaultPlan.Fate(count, FaultPlan.NEVER)));
    }

    /** The next {@code count} resets of a queue take {@code nanos} longer; beyond the device's own limit for it they fail. */
    public void slowQueueResets(int queue, int count, long nanos) {
        plan("slow queue resets", () -> plan.queueResets.put(queue, new FaultPlan.Fate(count, nanos)));
    }

    /** After the next {@code count} resets of a kind the function does not answer again, until another reset. */
    public void failResets(ResetKind kind, int count) {
        plan("fail function resets", () -> plan.functionResets.put(kind, new FaultPlan.Fate(count, FaultPlan.NEVER)));
    }

    /** After the next {@code count} resets of a kind the function answers {@code nanos} later than it would. */
    public void slowResets(ResetKind kind, int count, long nanos) {
        plan("slow function resets", () -> plan.functionResets.put(kind, new FaultPlan.Fate(count, nanos)));
    }

    // ---------------------------------------------------------------- firmware

    /** The firmware that runs now crashes: the monitor leaves a crash record, {@code boot.status} shows CRASHED. */
    @Override
    public void crashFirmware(String reason) {
        plan("firmware crash", () -> plan.device().crashFirmware(reason));
    }

    /** The firmware that runs now hangs: no heartbeat, no reply, until a reset. */
    public void hangFirmware() {
        plan("firmware hang", () -> plan.device().hangFirmware());
    }

    /** The firmware that runs now hears of everything, its own alarm too, so much later than it would: until it is told 0, or a reset. */
    public void slowFirmware(long nanos) {
        plan("slow firmware", () -> plan.device().slowFirmware(nanos));
    }

    /** One bit of each of the next {@code count} messages that the firmware writes to the host turns over on the way. */
    public void damageMessages(int count) {
        plan("damage messages", () -> plan.damagedMessages += count);
    }

    // ---------------------------------------------------------------- memory

    /**
     * Turns stored bits of one 64-bit word of device memory over, behind the back of its code. One bit is corrected when the word is read next, two or more are an
     * uncorrectable error until the whole word is written. Takes effect for reads that begin from now on.
     *
     * @param address of the word in device memory
     * @param bits which of the 64
     */
    @Override
    public void flipBits(long address, long bits) {
        plan("bit flip", () -> plan.device().flipBits(address, bits));
    }

    // ---------------------------------------------------------------- power and heat

    /** The air around the device is this warm from now on; 25 degrees Celsius is where it begins. */
    public void ambient(double celsius) {
        plan("ambient temperature", () -> plan.device().ambient(celsius));
    }

    /** The die is at least this warm at once; from then on it goes towards what air and draw make of it. */
    @Override
    public void heat(double celsius) {
        plan("heat", () -> plan.device().heat(celsius));
    }

    /** The board's power brake is pulled, or let go: the clocks go to a quarter. */
    public void powerBrake(boolean pulled) {
        plan("power brake", () -> plan.device().powerBrake(pulled));
    }

    // ---------------------------------------------------------------- flash

    /**
     * Power goes at the {@code count}th erase or program of the flash from now on, and comes back with the next cold reset: the device does not answer in between.
     *
     * @param count 1 or more
     * @param half the operation is done by half, as a cut in its middle leaves it; else completely
     */
    @Override
    public void losePowerAtFlashOperation(int count, boolean half) {
        plan("power loss at flash operation", () -> plan.device().losePowerAtFlashOperation(count, half));
    }

    // ---------------------------------------------------------------- presence

    /** The device is pulled out: config space and BARs read all ones, writes go nowhere, DMA and interrupts stop, resets do nothing. */
    public void remove() {
        plan("removal", () -> connected().remove());
    }

    /** The device is put back in: powered on anew, so its memory is lost. */
    public void restore() {
        plan("return", () -> connected().restore());
    }

    private Function connected() {
        Function f = function;
        if (f == null) {
            throw new IllegalStateException("this device has no PCIe function");
        }
        return f;
    }

    private void plan(String what, Runnable change) {
        world.exclusively(() -> {
            if (world.trace().on()) {
                world.trace().record("fault", "planned", what);
            }
            change.run();
        });
    }
}
