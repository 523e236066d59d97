package dev.openppu.harness.sim.work;

import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Promises;
import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.harness.sim.work.Step.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thread that uses a device: takes its steps, and goes on with a new context when one is lost. Keeps what it has lost; what must not happen at all ends it.
 */
public final class Tenant {
    private static final long LONGEST_THOUGHT_NANOS = 200_000;
    private static final long PAUSE_AFTER_LOSS_NANOS = 2_000_000;
    private static final long PAUSE_WHILE_DRAINED_NANOS = 20_000;
    private static final Set<Kind> CARE = EnumSet.range(Kind.METRICS, Kind.RESET);
    /** What a step finds wrong if a device says too early that something is done. */
    private static final Set<Invariant> BELIEVED = Set.of(Invariant.CONTENTS, Invariant.ORDER);

    private static final String DRIVER = Ppu.class.getPackageName() + ".";
    private static final int CALLS_SHOWN = 6;

    private final String name;
    private final Ppu ppu;
    private final List<Step> program;
    private final Desk desk;
    private final Journal journal;
    private final Rules rules;
    private final Promises promises;
    private final Mistakes mistakes;
    private final List<Loss> losses = new ArrayList<>();
    private @Nullable Workbench bench;
    private volatile @Nullable Step current;
    private volatile @Nullable Violation violation;
    private volatile @Nullable Thread thread;
    private int done;

    /**
     * What a step has come to, instead of what it was to do.
     *
     * @param in the context that it was in, as far as it had one
     */
    public record Loss(Step step, String in, PpuException cause) {}

    /**
     * @param name of its thread
     * @param desk of the device
     * @param journal hears of everything that it does
     */
    public Tenant(String name, Ppu ppu, List<Step> program, Desk desk, Journal journal, Rules rules) {
        this.name = name;
        this.ppu = ppu;
        this.rules = rules;
        this.promises = new Promises(rules);
        this.mistakes = new Mistakes(rules);
        this.program = program;
        this.desk = desk;
        this.journal = journal;
    }

    /** All of its life; throws nothing. */
    public void run() {
        thread = Thread.currentThread();
        try {
            for (Step step : program) {
                current = step;
                take(step);
            }
            current = null;
            end();
        } catch (Violation e) {
            violate(e);
        } catch (RuntimeException | Error e) {
            Violation unexpected = rules.ofUnexpected((current == null ? "at its end" : current) + ": ", e);
            if (unexpected != null) {
                violate(unexpected);
            }
        }
    }

    /** The innermost calls into the driver that it is in, the last first; empty if it is in none. */
    public String whereabouts() {
        Thread inside = thread;
        return inside == null
                ? ""
                : Stream.of(inside.getStackTrace())
                        .filter(frame -> frame.getClassName().startsWith(DRIVER))
                        .limit(CALLS_SHOWN)
                        .map(frame -> frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1) + "."
                                + frame.getMethodName() + ":"
                                + frame.getLineNumber())
                        .collect(Collectors.joining(" < "));
    }

    private void violate(Violation what) {
        Violation named = what.within(name + (bench == null ? "" : ", in " + bench));
        violation = named;
        journal.violates(named);
    }

    private void take(Step step) {
        journal.begins(step);
        try {
            while (!taken(step)) {
                ppu.link().runtime().sleep(PAUSE_WHILE_DRAINED_NANOS);
            }
            done++;
        } catch (PpuException e) {
            lose(step, e);
        } catch (Violation e) {
            if (!BELIEVED.contains(e.invariant()) || !desk.deviceLies()) {
                throw e;
            }
            closeQuietly(step);
        } catch (RuntimeException | Error e) {
            Violation unexpected = rules.ofUnexpected(step + ": ", e);
            if (unexpected != null) {
                throw unexpected;
            }
            closeQuietly(step);
        }
    }

    /** Whether it was; if not, the device takes no new contexts just now, which a step makes before it does anything else. */
    private boolean taken(Step step) {
        int drains = desk.drains();
        try {
            if (step.kind() == Kind.THINK) {
                ppu.link().runtime().sleep(step.below(0, (int) LONGEST_THOUGHT_NANOS));
            } else if (step.kind() == Kind.NEW_CONTEXT) {
                verifyAndClose();
            } else if (step.kind() == Kind.PRIMARY_CONTEXT) {
                verifyAndClose();
                desk.intoPrimary(() -> bench(step));
            } else if (step.kind() == Kind.PRIMARY_RULES) {
                Workbench present = bench(step);
                desk.withPrimary(ppu, () -> new PrimarySteps(present, step).perform());
            } else if (step.kind() == Kind.USE_FREED || step.kind() == Kind.MISTAKE) {
                new WrongSteps(bench(step), step).perform(mistakes);
                closeQuietly(step);
            } else if (CARE.contains(step.kind())) {
                new CareSteps(bench(step), step, desk).perform();
            } else {
                bench(step).perform(step);
            }
            return true;
        } catch (PpuException e) {
            if (desk.refused(e, drains)) {
                return false;
            }
            throw e;
        }
    }

    private Workbench bench(Step step) {
        Workbench present = bench;
        if (present == null) {
            present = new Workbench(ppu, step, promises, rules);
            bench = present;
        }
        return present;
    }

    private void lose(Step step, PpuException cause) {
        losses.add(new Loss(step, String.valueOf(bench == null ? "no context yet" : bench), cause));
        journal.loses(step, cause);
        closeQuietly(step);
        ppu.link().runtime().sleep(PAUSE_AFTER_LOSS_NANOS);
    }

    private void closeQuietly(Step step) {
        Workbench lost = bench;
        bench = null;
        if (lost != null) {
            try {
                lost.close();
            } catch (PpuException e) {
                losses.add(new Loss(step, lost.toString(), e));
            }
        }
    }

    private void verifyAndClose() {
        Workbench present = bench;
        if (present != null) {
            present.verify();
            bench = null;
            present.close();
        }
    }

    private void end() {
        Step last = new Step(-1, Kind.NEW_CONTEXT, 0);
        take(last);
        done--;
    }

    /** As traces and messages name it. */
    public String name() {
        return name;
    }

    /** What it was promised; whoever ends a life asks whether it was kept. */
    public Promises promises() {
        return promises;
    }

    /** What it has done wrong on purpose. */
    public Mistakes mistakes() {
        return mistakes;
    }

    /** What it has lost; to be read when it has ended. */
    public List<Loss> losses() {
        return losses;
    }

    /** Steps that did what they were to do. */
    public int done() {
        return done;
    }

    /** What must not happen and did. */
    @Nullable
    public Violation violation() {
        return violation;
    }

    /** The step that it is at, while it is at one. */
    @Nullable
    public Step current() {
        return current;
    }

    /** Whether a loss is one of those that a driver's user has to expect when a context or the device goes. */
    public static boolean isLoss(PpuException cause) {
        return cause instanceof ContextLostException || cause instanceof DeviceLostException;
    }
}
