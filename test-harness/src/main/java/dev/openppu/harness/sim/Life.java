package dev.openppu.harness.sim;

import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.XidEvent;
import dev.openppu.driver.owner.PciFunction;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.model.fault.FaultSource;
import dev.openppu.model.fault.RandomFaults;
import dev.openppu.model.fault.ScriptedFaults;
import dev.openppu.model.fault.Strike;
import dev.openppu.model.link.ModelLink;
import dev.openppu.model.sim.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One life of a device, from power-on to the end: tenants at work, faults that strike, and the {@link Invariant}s that hold all the same. */
public final class Life {
    private static final PpuOptions OPTIONS = PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).hangLimit(Duration.ofMillis(100))
            .messageTimeout(Duration.ofMillis(200)).bootTimeout(Duration.ofSeconds(2)).autoReset(true).noDumps().build();
    /** Simulated: a life takes well under a second of it, one with resets some seconds. */
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int ATTEMPTS_TO_SURVIVE = 6;
    /** In one life of so many faults strike from power-on, in the others when the device is up. */
    private static final int LIVES_WITH_EARLY_FAULTS = 4;

    private final LifeSpec spec;
    private final ModelLink link;
    private final List<Tenant> tenants = new ArrayList<>();
    private final PciFunction function;
    private final Journal journal;
    private final @Nullable Witness witness;
    private int epochs;

    private Life(LifeSpec spec, ModelLink link, boolean witnessed) {
        this.spec = spec;
        this.link = link;
        this.function = new PciFunction(link);
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
                Optional.ofNullable(witness).map(noting -> noting.account(link)));
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
            survive();
            return;
        }
        try (ppu) {
            Inventory before = ppu.inventory();
            if (!early) {
                link.faults().arm(faults());
            }
            if (!runTenants(ppu)) {
                return;
            }
            epochs = ppu.epoch();
            link.faults().disarm();
            judge(ppu);
            if (reach() != Reach.DEVICE) {
                goOn(ppu);
                settle(ppu, before);
            }
        } catch (PpuException e) {
            spec.rules().broken(Invariant.REACH, "the end of a life that may not fail: " + e.getMessage(), e);
        }
        if (link.dmaMappings() != 0) {
            spec.rules().broken(Invariant.LEAKS,
                    link.dmaMappings() + " ranges of host memory are still mapped for the device when it is closed");
        }
        if (reach() == Reach.DEVICE) {
            survive();
        }
    }

    /** The device, or null if a fault kept it from coming up. */
    private @Nullable Ppu open() {
        try {
            return Ppu.open(witness == null ? link : witness.beside(link), OPTIONS);
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

    private boolean lies() {
        return link.faults().struck().stream().anyMatch(strike -> Reach.lies(strike.point()));
    }

    /** Whether they have ended: if not, and nobody wants to know that, there is nothing to be judged. */
    private boolean runTenants(Ppu ppu) {
        for (List<Step> program : spec.workload().draw(new Chance(spec.seed()).stream("workload"))) {
            List<Step> kept = spec.only().map(only -> program.stream().filter(step -> only.contains(step.number())).toList())
                    .orElse(program);
            tenants.add(new Tenant(ppu, kept, this::lies, journal, spec.rules()));
        }
        LinkRuntime runtime = link.runtime();
        List<LinkRuntime.Worker> workers = new ArrayList<>();
        for (int i = 0; i < tenants.size(); i++) {
            workers.add(runtime.start("tenant-" + i, tenants.get(i)::run));
        }
        long deadline = runtime.nanos() + LONGEST_NANOS;
        for (int i = 0; i < workers.size(); i++) {
            if (!workers.get(i).join(deadline)) {
                spec.rules().broken(Invariant.PROGRESS,
                        "tenant %d is still at %s after %d simulated minutes".formatted(i, tenants.get(i).current(),
                                TimeUnit.NANOSECONDS.toMinutes(LONGEST_NANOS)));
                return false;
            }
        }
        awaitPromises(runtime);
        return true;
    }

    private void awaitPromises(LinkRuntime runtime) {
        boolean done = runtime.await(() -> tenants.stream().allMatch(tenant -> tenant.promises().allDone()),
                runtime.nanos() + TimeUnit.SECONDS.toNanos(30));
        if (!done) {
            tenants.forEach(tenant -> tenant.promises().requireKept());
        }
    }

    private void judge(Ppu ppu) {
        for (Tenant tenant : tenants) {
            Violation violation = tenant.violation();
            if (violation != null) {
                throw violation;
            }
            tenant.promises().requireKept();
        }
        Reach reach = reach();
        for (Tenant tenant : tenants) {
            for (Tenant.Loss loss : tenant.losses()) {
                judge(loss, reach);
            }
        }
        if (reach.compareTo(Reach.EPOCH) < 0 && ppu.epoch() != 1) {
            spec.rules().broken(Invariant.REACH,
                    "the device was reset, and no fault has struck that may cost more than contexts: " + ppu.recoveries());
        }
        judgeReports(ppu);
    }

    private void judge(Tenant.Loss loss, Reach reach) {
        String what = loss.step() + ": " + loss.cause().getMessage();
        switch (reach) {
            case NOBODY -> spec.rules().broken(Invariant.REACH, what, loss.cause());
            case CONTEXTS -> {
                if (!Tenant.isLoss(loss.cause()) || loss.cause() instanceof DeviceLostException) {
                    spec.rules().broken(Invariant.REACH, what, loss.cause());
                }
            }
            case EPOCH, DEVICE -> {
                // anything of the driver's
            }
        }
    }

    private void judgeReports(Ppu ppu) {
        if (link.faults().struck().isEmpty()) {
            List<XidEvent> xids = ppu.xids();
            List<RecoveryEvent> recoveries = ppu.recoveries();
            if (!xids.isEmpty() || !recoveries.isEmpty()) {
                spec.rules().broken(Invariant.QUIET, "nothing went wrong, and the driver reports %s %s".formatted(xids, recoveries));
            }
        }
        if (reach().compareTo(Reach.EPOCH) < 0 && link.dmaFaultCount() > 0) {
            spec.rules().broken(Invariant.DMA, "the IOMMU has refused " + link.dmaFaults());
        }
    }

    /** The faults have gone: whatever hangs still is found, and then work is done again. */
    private void goOn(Ppu ppu) {
        link.faults().mend();
        PpuException last = null;
        for (int attempt = 0; attempt < ATTEMPTS_TO_SURVIVE; attempt++) {
            try {
                oneMore(ppu);
                return;
            } catch (PpuException e) {
                last = e;
                link.runtime().sleep(TimeUnit.SECONDS.toNanos(1));
                if (ppu.lost()) { // resets by themselves are few; its user may ask for more
                    ppu.reset(ResetLevel.FUNCTION);
                }
            }
        }
        spec.rules().broken(Invariant.SURVIVAL,
                "work fails again and again when nothing goes wrong any more: " + (last == null ? "" : last.getMessage()), last);
    }

    private void oneMore(Ppu ppu) {
        Workbench bench = new Workbench(ppu, new Step(0, Step.Kind.THINK, 1), new Promises(spec.rules()), spec.rules());
        try {
            for (Step.Kind kind : List.of(Step.Kind.COPY_IN, Step.Kind.KERNEL, Step.Kind.COPY_OUT_PINNED)) {
                bench.perform(new Step(1, kind, 1));
            }
            bench.verify();
        } finally {
            bench.close();
        }
    }

    private void settle(Ppu ppu, Inventory before) {
        boolean given = link.runtime().await(() -> ppu.inventory().equals(before), link.runtime().nanos() + TimeUnit.SECONDS.toNanos(10));
        if (!given) {
            spec.rules().broken(Invariant.LEAKS,
                    "before any work the driver held %s, and afterwards %s".formatted(before, ppu.inventory()));
        }
    }

    /** The device may have been lost for good to this driver: one that is powered on anew is as good as new. */
    private void survive() {
        link.faults().disarm();
        link.faults().mend();
        try {
            function.reset(ResetKind.COLD);
            try (Ppu again = Ppu.open(link, OPTIONS)) {
                oneMore(again);
            }
        } catch (PpuException | LinkException e) {
            spec.rules().broken(Invariant.SURVIVAL, "the device was powered on anew, and does not come up: " + e.getMessage(), e);
        }
    }
}
