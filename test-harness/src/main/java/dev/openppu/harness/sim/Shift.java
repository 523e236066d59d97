package dev.openppu.harness.sim;

import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.XidEvent;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.harness.sim.check.Asked;
import dev.openppu.harness.sim.check.Felt;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Ladder;
import dev.openppu.harness.sim.check.Past;
import dev.openppu.harness.sim.check.Reach;
import dev.openppu.harness.sim.check.Reports;
import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.check.Tale;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.harness.sim.work.Desk;
import dev.openppu.harness.sim.work.Journal;
import dev.openppu.harness.sim.work.Step;
import dev.openppu.harness.sim.work.Tenant;
import dev.openppu.model.fault.Strike;
import dev.openppu.model.link.ModelLink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Tenants at work on a device that is up, under either clock, and what must hold of it: from what the device was before to what it is afterwards. */
final class Shift {
    private final ModelLink link;
    private final Ppu ppu;
    private final Patience patience;
    private final Rules rules;
    private final Supplier<List<Strike>> strikes;
    private final List<Tenant> tenants;
    private final Inventory inventoryBefore;
    private final Past past;
    private final Tale tale;
    private final Reports reports;
    private final Desk desk;

    /**
     * @param past what was reported of the device before
     * @param strikes faults that may be felt
     * @param tenants gets those of this shift
     */
    Shift(ModelLink link, Ppu ppu, Past past, Patience patience, Rules rules, Supplier<List<Strike>> strikes, List<Tenant> tenants) {
        this.link = link;
        this.ppu = ppu;
        this.past = past;
        this.patience = patience;
        this.rules = rules;
        this.strikes = strikes;
        this.tenants = tenants;
        inventoryBefore = ppu.inventory();
        desk = new Desk(strikes);
        tale = new Tale(link, ppu, past, rules);
        reports = new Reports(ppu, link.faults(), past, rules);
    }

    /** Until every program has ended and what was promised has happened; if not, and nobody wants to know that, {@code false}: there is nothing to be judged. */
    boolean work(List<List<Step>> programs, Journal journal) {
        for (List<Step> program : programs) {
            tenants.add(new Tenant("tenant-" + tenants.size(), ppu, program, desk, journal, rules));
        }
        LinkRuntime runtime = link.runtime();
        List<LinkRuntime.Worker> workers = new ArrayList<>();
        for (int i = 0; i < tenants.size(); i++) {
            workers.add(runtime.start(tenants.get(i).name(), tenants.get(i)::run));
        }
        long deadline = runtime.nanos() + patience.work().toNanos();
        for (int i = 0; i < workers.size(); i++) {
            if (!workers.get(i).join(deadline)) {
                rules.broken(Invariant.PROGRESS,
                        "%s is still at %s after %d minutes, in %s".formatted(tenants.get(i).name(), tenants.get(i).current(),
                                patience.work().toMinutes(),
                                tenants.get(i).whereabouts()));
                return false;
            }
        }
        awaitPromises(runtime);
        return true;
    }

    private void awaitPromises(LinkRuntime runtime) {
        boolean done = runtime.await(() -> tenants.stream().allMatch(tenant -> tenant.promises().allDone()),
                runtime.nanos() + patience.promises().toNanos());
        if (!done) {
            tenants.forEach(tenant -> tenant.promises().requireKept());
        }
    }

    /** To be called when all have ended. */
    void judge() {
        for (Tenant tenant : tenants) {
            Violation violation = tenant.violation();
            if (violation != null) {
                throw violation;
            }
            tenant.promises().requireKept();
        }
        Reach reach = desk.reach();
        boolean registersTrue = strikes.get().stream().noneMatch(strike -> Reach.ofRegisters(strike.point()));
        for (Tenant tenant : tenants) {
            for (Tenant.Loss loss : tenant.losses()) {
                judge(tenant, loss, reach);
                if (loss.cause() instanceof ContextLostException lost) {
                    reports.requireCause("%s, %s in %s,".formatted(tenant.name(), loss.step(), loss.in()), lost, registersTrue);
                    tale.requireNamed("%s, %s in %s,".formatted(tenant.name(), loss.step(), loss.in()), lost);
                } else if (loss.cause() instanceof DeviceLostException lost && !desk.epochAsked()) {
                    reports.requireLossTold("%s, %s in %s,".formatted(tenant.name(), loss.step(), loss.in()), lost);
                }
            }
            tenant.mistakes().judge(tenant.name(), reach, ppu.xids());
        }
        if (reach.compareTo(Reach.EPOCH) < 0 && ppu.epoch() != past.epoch()) {
            rules.broken(Invariant.REACH,
                    "the device was reset, and no fault has struck that may cost more than contexts: " + ppu.recoveries());
        }
        tale.requireWhole(registersTrue);
        judgeReports(reach);
    }

    private void judge(Tenant tenant, Tenant.Loss loss, Reach reach) {
        String what = "%s, %s in %s: %s".formatted(tenant.name(), loss.step(), loss.in(), loss.cause().getMessage());
        switch (reach) {
            case NOBODY -> rules.broken(Invariant.REACH, what, "no loss: nothing has struck that may cost anybody anything", loss.cause());
            case CONTEXTS -> {
                if (!Tenant.isLoss(loss.cause()) || loss.cause() instanceof DeviceLostException) {
                    rules.broken(Invariant.REACH, what, "no loss but of contexts: what has struck may cost no more", loss.cause());
                }
            }
            case EPOCH, DEVICE -> {
                // anything of the driver's
            }
        }
    }

    private void judgeReports(Reach reach) {
        new Ladder(link.faults(), past, rules).require(tale.recent(), strikes.get(), desk.spared());
        if (desk.quiet()) {
            List<XidEvent> xids = new ArrayList<>(ppu.xids());
            List<RecoveryEvent> recoveries = tale.recent();
            past.xids().forEach(xids::remove);
            tenants.forEach(tenant -> tenant.mistakes().reports().forEach(xids::remove));
            if (!xids.isEmpty() || recoveries.size() != desk.asked()) {
                rules.broken(Invariant.QUIET, "nothing went wrong, and the driver reports %s %s".formatted(xids, recoveries));
            }
        }
        new Felt(link, ppu, rules, past.epoch()).require(strikes.get());
        reports.requireTrue();
        reports.requireCounted();
        new Asked(ppu, link, rules).require();
        if (reach.compareTo(Reach.EPOCH) < 0 && link.dmaFaultCount() != past.dmaFaults()) {
            rules.broken(Invariant.DMA, "the IOMMU has refused " + link.dmaFaults());
        }
    }

    /** Whatever was taken is given back. */
    void settle() {
        LinkRuntime runtime = link.runtime();
        boolean given = runtime.await(() -> ppu.inventory().equals(inventoryBefore), runtime.nanos() + patience.settling().toNanos());
        if (!given) {
            rules.broken(Invariant.LEAKS,
                    "afterwards the driver held " + ppu.inventory(), "as before any work: " + inventoryBefore);
        }
        if (ppu.epoch() == past.epoch() && !ppu.lost() && desk.reach().compareTo(Reach.EPOCH) < 0
                && !runtime.await(reports::complete, runtime.nanos() + patience.settling().toNanos())) {
            reports.requireComplete();
        }
    }
}
