package dev.openppu.harness.sim;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.ResetReport;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Links;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Past;
import dev.openppu.harness.sim.check.Reach;
import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.harness.sim.work.Journal;
import dev.openppu.harness.sim.work.Step;
import dev.openppu.harness.sim.work.Tenant;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.FaultSource;
import dev.openppu.model.fault.RandomFaults;
import dev.openppu.model.fault.Strike;
import dev.openppu.model.link.ModelLink;
import dev.openppu.model.sim.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One device in real time, round after round: tenants in threads of their own and faults, the same as in a {@link Life}, held to the same {@link Invariant}s. It lives on across resets and is
 * powered on anew when it was lost for good. Between rounds what the process holds of the machine is counted. The first failure ends it. Used once, by one thread.
 */
public final class Soak {
    /** Of all that a round waits for; a healthy one takes seconds. */
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(10);
    private static final FaultSource NO_FAULTS = (point, passage) -> FaultSource.NOTHING;
    private static final int SAMPLES = 60;
    private static final long SHORTEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final SoakSpec spec;
    private final SoakListener listener;
    private final Patience patience;
    private final Sabotage sabotage;
    private final ProcessCounters counters = new ProcessCounters();
    private final Map<FaultPoint, Integer> struck = new EnumMap<>(FaultPoint.class);
    private final List<Strike> felt = new ArrayList<>();
    private final long began = System.nanoTime();
    private List<Tenant> tenants = List.of();
    private volatile @Nullable Ppu ppu;
    private int rounds;
    private int powerOns = -1;
    private long steps;
    private long losses;
    private long epochs;

    /** What a test does to the device in every round: the soak has to find it. */
    interface Sabotage {
        void round(Ppu ppu);
    }

    public Soak(SoakSpec spec, SoakListener listener) {
        this(spec, listener, Patience.REAL, any -> {});
    }

    Soak(SoakSpec spec, SoakListener listener, Patience patience, Sabotage sabotage) {
        this.spec = spec;
        this.listener = listener;
        this.patience = patience;
        this.sabotage = sabotage;
    }

    /** Runs it, in real time. */
    public SoakResult run() {
        try (ModelLink link = (ModelLink) Links.open("model:" + spec.profile() + "?clock=free&seed=" + spec.seed())) {
            Survival survival = new Survival(link, patience.options(), Rules.ALL); // knows the function as it was before anything struck
            long gap = Math.max(SHORTEST_GAP_NANOS, spec.length().toNanos() / SAMPLES);
            long sampleAt = began;
            while (System.nanoTime() - began < spec.length().toNanos() || rounds == 0) {
                Optional<SoakFailure> failure = watched(link, () -> round(link, survival));
                rounds++;
                if (failure.isPresent()) {
                    return result(failure);
                }
                if (System.nanoTime() >= sampleAt) {
                    counters.sample();
                    sampleAt = System.nanoTime() + gap;
                }
                listener.ended(result(Optional.empty()));
            }
            return result(watched(link, () -> end(link)));
        }
    }

    private void end(ModelLink link) {
        Ppu present = ppu;
        if (present != null) {
            present.close();
        }
        if (link.dmaMappings() != 0) {
            throw new Violation(Invariant.LEAKS,
                    link.dmaMappings() + " ranges of host memory are still mapped for the device when it is closed");
        }
    }

    private SoakResult result(Optional<SoakFailure> failure) {
        return new SoakResult(rounds, (System.nanoTime() - began) / 1e9, steps, losses, epochs, Math.max(0, powerOns), Map.copyOf(struck),
                counters.trends(), failure);
    }

    /** One round in a thread of its own, so that one that stands still is found. */
    private Optional<SoakFailure> watched(ModelLink link, Runnable part) {
        LinkRuntime runtime = link.runtime();
        @Nullable
        Violation[] violation = new Violation[1];
        LinkRuntime.Worker worker = runtime.start("round-" + rounds, () -> violation[0] = attempt(part));
        if (!worker.join(runtime.nanos() + LONGEST_ROUND.toNanos())) {
            return Optional.of(failure(link,
                    new Violation(Invariant.PROGRESS, "the round has not ended after " + LONGEST_ROUND.toMinutes() + " minutes")));
        }
        return Optional.ofNullable(violation[0]).map(found -> failure(link, found));
    }

    private @Nullable Violation attempt(Runnable part) {
        try {
            part.run();
            return null;
        } catch (Violation e) {
            return e;
        } catch (RuntimeException | Error e) {
            return Rules.ALL.ofUnexpected("", e);
        }
    }

    private SoakFailure failure(ModelLink link, Violation violation) {
        List<String> underWay = new ArrayList<>();
        for (int i = 0; i < tenants.size(); i++) {
            Step step = tenants.get(i).current();
            underWay.add("tenant %d: %s".formatted(i, step == null ? "has ended" : step));
        }
        Ppu present = ppu;
        return new SoakFailure(rounds, spec.workload(rounds), violation, strikes(link), underWay,
                present == null ? List.of() : present.xids(), present == null ? List.of() : present.recoveries(),
                ThreadDump.write(spec.dumps().resolve(String.format(Locale.ROOT, "ppu-soak-%d-round-%d.threads", spec.seed(), rounds))));
    }

    private List<Strike> strikes(ModelLink link) {
        List<Strike> all = new ArrayList<>(felt);
        all.addAll(link.faults().struck());
        return all;
    }

    private void round(ModelLink link, Survival survival) {
        Ppu present = up(survival);
        Chance chance = new Chance(spec.seed() + rounds);
        tenants = new ArrayList<>();
        Shift shift = new Shift(link, present, Past.of(link, present), patience, Rules.ALL, () -> strikes(link), tenants);
        int epoch = present.epoch();
        link.faults().arm(new RandomFaults(spec.faults().draw(chance.stream("points")), chance.stream("faults")));
        boolean _ = shift.work(spec.workload(rounds).draw(chance.stream("workload")), new Journal(link));
        link.faults().disarm();
        shift.judge();
        count(link);
        sabotage.round(present);
        clear(link, survival, present, shift);
        epochs += present.epoch() - epoch;
    }

    private void count(ModelLink link) {
        tenants.forEach(tenant -> {
            steps += tenant.done();
            losses += tenant.losses().size();
        });
        link.faults().struck().stream().map(Strike::point).collect(Collectors.toSet())
                .forEach(point -> struck.merge(point, 1, Integer::sum));
    }

    private Ppu up(Survival survival) {
        Ppu present = ppu;
        if (present == null) {
            try {
                present = survival.powerOn();
            } catch (PpuException | LinkException e) {
                throw new Violation(Invariant.SURVIVAL, "the device was powered on anew, and does not come up: " + e.getMessage(), e);
            }
            ppu = present;
            powerOns++;
        }
        return present;
    }

    /** What was taken is given back, what faults have left is gone. */
    private void clear(ModelLink link, Survival survival, Ppu present, Shift shift) {
        List<Strike> strikes = strikes(link);
        if (Reach.of(strikes) != Reach.DEVICE) {
            survival.goOn(present);
            shift.settle();
        }
        felt.clear();
        switch (Aftermath.of(strikes)) {
            case NOTHING -> felt.addAll(onceEach(strikes));
            case RESET -> reset(present);
            case POWER -> {
                present.close();
                ppu = null;
            }
        }
        link.faults().arm(NO_FAULTS); // forgets what was struck
    }

    private static Collection<Strike> onceEach(List<Strike> strikes) {
        return strikes.stream().collect(Collectors.toMap(Strike::point, strike -> strike, (first, again) -> first)).values();
    }

    private static void reset(Ppu present) {
        ResetReport report = present.reset(ResetLevel.FUNCTION);
        if (!report.recovered()) {
            throw new Violation(Invariant.SURVIVAL, "nothing goes wrong any more, and a reset of the function fails: " + report);
        }
    }
}
