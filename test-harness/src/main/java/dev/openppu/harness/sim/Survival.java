package dev.openppu.harness.sim;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.owner.Heartbeat;
import dev.openppu.driver.owner.PciFunction;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.ResetKind;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Promises;
import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.work.Step;
import dev.openppu.harness.sim.work.Workbench;
import dev.openppu.model.link.ModelLink;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When the faults are over the device works again: by itself, by a reset, or powered on anew. */
final class Survival {
    private static final int ATTEMPTS = 6;

    private final ModelLink link;
    private final PpuOptions options;
    private final Rules rules;
    private final PciFunction function;

    Survival(ModelLink link, PpuOptions options, Rules rules) {
        this.link = link;
        this.options = options;
        this.rules = rules;
        this.function = new PciFunction(link);
    }

    /** The faults have gone: whatever hangs still is found, and then work is done again. */
    void goOn(Ppu ppu) {
        link.faults().mend();
        PpuException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                oneMore(ppu);
                if (firmwareBeats(ppu)) {
                    return;
                }
            } catch (PpuException e) {
                last = e;
            }
            link.runtime().sleep(TimeUnit.SECONDS.toNanos(1));
            if (ppu.lost()) { // resets by themselves are few; its user may ask for more
                ppu.reset(ResetLevel.FUNCTION);
            }
        }
        rules.broken(Invariant.SURVIVAL,
                "work fails again and again when nothing goes wrong any more: "
                        + (last == null ? "the firmware's heart does not beat" : last.getMessage()),
                last);
    }

    /** Work goes on for a while without it: whether the firmware that hung is found out, and replaced. */
    private boolean firmwareBeats(Ppu ppu) {
        Heartbeat heartbeat = new Heartbeat(ppu.owner().device());
        link.runtime().sleep(heartbeat.limitNanos() + 1);
        return heartbeat.beats();
    }

    private void oneMore(Ppu ppu) {
        Workbench bench = new Workbench(ppu, new Step(0, Step.Kind.THINK, 1), new Promises(rules), rules);
        try {
            for (Step.Kind kind : List.of(Step.Kind.COPY_IN, Step.Kind.KERNEL, Step.Kind.COPY_OUT_PINNED)) {
                bench.perform(new Step(1, kind, 1));
            }
            bench.verify();
        } finally {
            bench.close();
        }
    }

    /** The device may have been lost for good to its driver: one that is powered on anew is as good as new. */
    void survive() {
        try (Ppu again = powerOn()) {
            oneMore(again);
        } catch (PpuException | LinkException e) {
            rules.broken(Invariant.SURVIVAL, "the device was powered on anew, and does not come up: " + e.getMessage(), e);
        }
    }

    /** Powers the device on anew, without faults; the caller closes it. */
    @SuppressWarnings("MustBeClosedChecker")
    Ppu powerOn() {
        link.faults().disarm();
        link.faults().mend();
        function.reset(ResetKind.COLD);
        return Ppu.open(link, options);
    }
}
