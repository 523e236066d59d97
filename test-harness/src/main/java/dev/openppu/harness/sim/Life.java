package dev.openppu.harness.sim;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.hal.Links;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Ladder;
import dev.openppu.harness.sim.check.Past;
import dev.openppu.harness.sim.check.Reach;
import dev.openppu.harness.sim.check.Remains;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.harness.sim.work.Journal;
import dev.openppu.harness.sim.work.Step;
import dev.openppu.harness.sim.work.Tenant;
import dev.openppu.model.fault.FaultSource;
import dev.openppu.model.fault.RandomFaults;
import dev.openppu.model.fault.ScriptedFaults;
import dev.openppu.model.fault.Strike;
import dev.openppu.model.link.ModelLink;
import dev.openppu.model.sim.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One life of a device, from power-on to the end: tenants at work, faults that strike, and the {@link Invariant}s that hold all the same. */
public final class Life {
    private static final Patience PATIENCE = Patience.SIMULATED;
    /** In one life of so many faults strike from power-on, in the others when the device is up. */
    private static final int LIVES_WITH_EARLY_FAULTS = 4;
    /** One life of so many goes on for minutes, in which the device is lost again and again. */
    private static final int LONG_LIVES = 96;

    private final LifeSpec spec;
    private final ModelLink link;
    private final List<Tenant> tenants = new ArrayList<>();
    private final Survival survival;
    private final Journal journal;
    private final @Nullable Witness witness;
    private int epochs;

    private Life(LifeSpec spec, ModelLink link, boolean witnessed) {
        this.spec = spec;
        this.link = link;
        this.survival = new Survival(link, PATIENCE.options(), spec.rules());
        this.journal = new Journal(link);
        this.witness = witnessed ? new Witness(tenants) : null;
    }

    /** Lives it. Opens a link of its own; may be called by several threads, each for a life of its own. */
    public static LifeResult of(LifeSpec spec) {
        return of(spec, "", false);
    }

    /** The same, with an {@link Account} of it. */
    public static LifeResult witnessed(LifeSpec spec) {
        return of(spec, "", true);
    }

    /** @param more options of the model's link, each begun by an ampersand: {@code &trace=FILE} */
    public static LifeResult of(LifeSpec spec, String more) {
        return of(spec, more, false);
    }

    static LifeResult of(LifeSpec spec, String more, boolean witnessed) {
        try (ModelLink link = (ModelLink) Links.open("model:" + spec.profile() + "?clock=sim&seed=" + spec.seed() + more)) {
            return new Life(spec, link, witnessed).live();
        }
    }

    private LifeResult live() {
        Violation violation = null;
        boolean early = new Chance(spec.seed()).stream("early").oneIn(LIVES_WITH_EARLY_FAULTS);
        try {
            if (early) {
                link.faults().arm(faults());
            }
            work(early);
        } catch (Violation e) {
            violation = e;
        } catch (RuntimeException | Error e) {
            violation = spec.rules().ofUnexpected("", e);
        }
        if (violation != null) {
            journal.violates(violation);
        }
        List<Strike> strikes = link.faults().struck();
        return new LifeResult(spec, Optional.ofNullable(violation), strikes, tenants.stream().mapToInt(Tenant::done).sum(),
                tenants.stream().mapToInt(tenant -> tenant.losses().size()).sum(), epochs, link.runtime().nanos(),
                Optional.ofNullable(witness).map(noting -> noting.account(link)), true);
    }

    private FaultSource faults() {
        Chance chance = new Chance(spec.seed()).stream("campaign");
        FaultSource source = spec.script().<FaultSource>map(ScriptedFaults::new)
                .orElseGet(() -> new RandomFaults(spec.faults().draw(chance.stream("points")), chance.stream("faults")));
        return witness == null ? source : witness.beside(source);
    }

    private void work(boolean early) {
        Ppu ppu = open();
        if (ppu == null) {
            survival.survive();
            return;
        }
        try (ppu) {
            Shift shift = new Shift(link, ppu, Past.NONE, PATIENCE, spec.rules(), link.faults()::struck, tenants);
            if (!early) {
                link.faults().arm(faults());
            }
            if (!shift.work(programs(), journal)) {
                return;
            }
            epochs = ppu.epoch();
            link.faults().disarm();
            shift.judge();
            if (reach() != Reach.DEVICE || Ladder.takesResets(link.faults().struck())) {
                survival.goOn(ppu);
                shift.settle();
                new Remains(link, ppu, spec.rules()).require(link.faults().struck());
                if (new Chance(spec.seed()).stream("long life").oneIn(LONG_LIVES)) {
                    survival.outlive(ppu);
                }
            }
        } catch (PpuException e) {
            spec.rules().broken(Invariant.REACH, "the end of a life that may not fail: " + e.getMessage(), e);
        }
        if (link.dmaMappings() != 0) {
            spec.rules().broken(Invariant.LEAKS,
                    link.dmaMappings() + " ranges of host memory are still mapped for the device when it is closed");
        }
        List<String> working = link.working();
        if (!working.isEmpty()) {
            spec.rules().broken(Invariant.LEAKS, "the driver is closed, and threads of its own go on: " + String.join(", ", working));
        }
        if (reach() == Reach.DEVICE) {
            survival.survive();
        }
    }

    /** The device, or null if a fault kept it from coming up. */
    private @Nullable Ppu open() {
        try {
            return Ppu.open(witness == null ? link : witness.beside(link), PATIENCE.options());
        } catch (PpuException e) {
            if (reach().compareTo(Reach.EPOCH) < 0) {
                spec.rules().broken(Invariant.REACH, "the device did not come up: " + e.getMessage(), e);
            }
            return null;
        }
    }

    private Reach reach() {
        return Reach.of(link.faults().struck());
    }

    private List<List<Step>> programs() {
        return spec.workload().draw(new Chance(spec.seed()).stream("workload")).stream()
                .map(program -> spec.only().map(only -> program.stream().filter(step -> only.contains(step.number())).toList())
                        .orElse(program))
                .toList();
    }
}
