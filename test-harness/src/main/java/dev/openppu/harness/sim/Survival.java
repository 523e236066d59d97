package dev.openppu.harness.sim;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.owner.Heartbeat;
import dev.openppu.driver.owner.PciFunction;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.ResetKind;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Promises;
import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.work.Step;
import dev.openppu.harness.sim.work.Workbench;
import dev.openppu.model.link.ModelLink;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** When the faults are over the device works again: by itself, by a reset, or powered on anew. */
final class Survival {
    private static final int ATTEMPTS = 6;
    /** docs/recovery.md has both numbers. */
    private static final int RESETS_A_MINUTE = 3;
    private static final long A_MINUTE_NANOS = TimeUnit.SECONDS.toNanos(61);
    private static final long LOSS_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

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

    /** Lost again and again, a device is reset by itself: three times within a minute, and not a fourth time; when a minute has passed, as before. */
    void outlive(Ppu ppu) {
        link.runtime().sleep(A_MINUTE_NANOS); // what it was reset for before counts no more
        for (int loss = 0; loss < RESETS_A_MINUTE; loss++) {
            lose(ppu);
            requireBack(ppu, "loss %d within a minute".formatted(loss + 1));
        }
        lose(ppu);
        if (reached(() -> !ppu.lost())) {
            rules.broken(Invariant.SURVIVAL, "the device was lost %d times within a minute, and was reset each time"
                    .formatted(RESETS_A_MINUTE + 1), "that it stays lost: docs/recovery.md has three resets by themselves a minute");
        }
        ppu.reset(ResetLevel.FUNCTION); // its user may ask for more
        requireBack(ppu, "a reset that was asked for");
        link.runtime().sleep(A_MINUTE_NANOS);
        lose(ppu);
        requireBack(ppu, "a loss a minute after the others");
    }

    /** The firmware stops, and is missed. */
    private void lose(Ppu ppu) {
        int epoch = ppu.epoch();
        link.faults().crashFirmware("again");
        if (!reached(() -> ppu.lost() || ppu.epoch() != epoch)) {
            rules.broken(Invariant.FELT, "the firmware has stopped, and the device is in epoch %d still".formatted(epoch),
                    "a reset, or a loss");
        }
    }

    private void requireBack(Ppu ppu, String after) {
        if (!reached(() -> !ppu.lost())) {
            rules.broken(Invariant.SURVIVAL, "behind %s the device is lost and stays so: %s".formatted(after, ppu.health()),
                    "that it is reset, and works");
        }
        oneMore(ppu);
    }

    /** Within the time in which a firmware that has stopped is missed, and replaced. */
    private boolean reached(BooleanSupplier condition) {
        LinkRuntime runtime = link.runtime();
        long deadline = runtime.deadline(LOSS_NANOS);
        while (!condition.getAsBoolean()) {
            if (runtime.nanos() >= deadline) {
                return false;
            }
            runtime.sleep(LOOK_NANOS);
        }
        return true;
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
