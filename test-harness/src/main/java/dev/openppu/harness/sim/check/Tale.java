package dev.openppu.harness.sim.check;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.ResetLevel;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.model.census.DeviceReset;
import dev.openppu.model.link.ModelLink;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the driver tells of its recoveries ({@code Ppu.recoveries()}) against what was felt of them: each epoch has one reset that began it, in order, and each context that was lost to a hang or a reset is named in one of them, as
 * culprit or as collateral.
 */
public final class Tale {
    /** Of so many the driver forgets the first (docs/recovery.md). */
    private static final int KEPT = 256;
    /** A loss is felt before what follows it has been done and told. */
    private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final Pattern CONTEXT = Pattern.compile("context (\\d+)(?: of epoch (\\d+))?");

    private final ModelLink link;
    private final Ppu ppu;
    private final Past past;
    private final Rules rules;

    public Tale(ModelLink link, Ppu ppu, Past past, Rules rules) {
        this.link = link;
        this.ppu = ppu;
        this.past = past;
        this.rules = rules;
    }

    /** A context that was lost to a hang, or to a reset, is named. */
    public void requireNamed(String who, ContextLostException loss) {
        Matcher object = CONTEXT.matcher(loss.object());
        if (loss.fault().isPresent() || !object.matches()) {
            return;
        }
        int context = Integer.parseInt(object.group(1));
        if (object.group(2) != null) {
            int next = Integer.parseInt(object.group(2)) + 1;
            require(who, loss, event -> event.level().endsEpoch() && event.recovered() && event.epoch() == next
                    && event.collateral().contains(context),
                    "the reset that began epoch %d, context %d collateral".formatted(next, context));
        } else if (loss.role() == LossRole.CULPRIT && loss.hgresult() == HgResult.LAUNCH_TIMEOUT) {
            require(who, loss, event -> event.culprit().orElse(-1) == context, "one with context %d as culprit".formatted(context));
        } else if (loss.role() == LossRole.COLLATERAL && loss.hgresult() == HgResult.LAUNCH_FAILED) {
            require(who, loss, event -> event.collateral().contains(context), "one with context %d as collateral".formatted(context));
        }
    }

    private void require(String who, ContextLostException loss, Predicate<RecoveryEvent> naming, String expected) {
        if (!told(() -> recent().stream().anyMatch(naming)) && recent().size() < KEPT) {
            rules.broken(Invariant.REPORTS, "%s is told: %s; and recoveries() has %s".formatted(who, loss.getMessage(), recent()), expected,
                    loss);
        }
    }

    /** @param registersTrue whether resets of queues that were asked for got to the device */
    public void requireWhole(boolean registersTrue) {
        if (!told(() -> epochs(recent()).size() >= ppu.epoch() - past.epoch()) && recent().size() < KEPT) {
            rules.broken(Invariant.REPORTS, "the device is in epoch %d, and recoveries() has %s".formatted(ppu.epoch(), recent()),
                    "one reset for each epoch since %d".formatted(past.epoch()));
        }
        List<RecoveryEvent> told = recent();
        if (told.size() >= KEPT) {
            return;
        }
        List<Integer> epochs = epochs(told);
        for (int i = 0; i < epochs.size(); i++) {
            if (epochs.get(i) != past.epoch() + 1 + i) {
                rules.broken(Invariant.REPORTS, "recoveries() has resets that began the epochs %s: %s".formatted(epochs, told),
                        "each once, from %d on".formatted(past.epoch() + 1));
            }
        }
        for (int i = 0; i < told.size(); i++) {
            RecoveryEvent event = told.get(i);
            RecoveryEvent before = told.get(Math.max(0, i - 1));
            boolean once = new HashSet<>(event.collateral()).size() == event.collateral().size();
            if (event.nanos() < before.nanos() || event.epoch() < before.epoch() || !once
                    || event.culprit().isPresent() && event.collateral().contains(event.culprit().getAsInt())) {
                rules.broken(Invariant.REPORTS, "recoveries() tells %s behind %s".formatted(event, before),
                        "times and epochs in order, and each context once, as culprit or as collateral");
            }
        }
        long culprits = told.stream().filter(event -> event.level() == ResetLevel.QUEUE && event.recovered() && event.culprit().isPresent())
                .count();
        long resets = link.faults().census().resets(DeviceReset.QUEUE) - past.queueResets();
        if (registersTrue && resets < culprits) {
            rules.broken(Invariant.REPORTS, "the device has met %d resets of queues, and recoveries() has %s".formatted(resets, told),
                    "no more than there were");
        }
    }

    /** Those since, by their times: very many are not kept. */
    public List<RecoveryEvent> recent() {
        return ppu.recoveries().stream().filter(event -> event.nanos() > past.nanos()).toList();
    }

    private static List<Integer> epochs(List<RecoveryEvent> events) {
        return events.stream().filter(event -> event.level().endsEpoch() && event.recovered()).map(RecoveryEvent::epoch).toList();
    }

    private boolean told(BooleanSupplier condition) {
        LinkRuntime runtime = link.runtime();
        return condition.getAsBoolean() || runtime.await(condition, runtime.deadline(TOLD_NANOS));
    }
}
