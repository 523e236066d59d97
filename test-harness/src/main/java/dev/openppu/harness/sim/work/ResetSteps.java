package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.ResetReport;
import dev.openppu.driver.Stream;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.harness.sim.check.Invariant;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * An administrator resets queues, engines, the function or the bus while tenants are at work. The report, what is told of it, and what its own context is afterwards have to agree (docs/recovery.md); how far the others may be hit, the
 * desk knows.
 */
final class ResetSteps {
    private static final int PINNED_BYTES = 4096;
    private static final List<ResetLevel> LEVELS = List.of(ResetLevel.QUEUE, ResetLevel.QUEUE, ResetLevel.QUEUE, ResetLevel.ENGINE,
            ResetLevel.ENGINE, ResetLevel.ENGINE, ResetLevel.FUNCTION, ResetLevel.BUS);

    private final Workbench bench;
    private final Step step;
    private final Desk desk;
    private final Ppu ppu;
    private final Claim claim;

    ResetSteps(Workbench bench, Step step, Desk desk) {
        this.bench = bench;
        this.step = step;
        this.desk = desk;
        this.ppu = bench.context().ppu();
        this.claim = new Claim(bench, step);
    }

    void perform() {
        ResetLevel level = LEVELS.get(step.below(0, LEVELS.size()));
        try (PinnedBuffer pinned = bench.context().allocatePinned(PINNED_BYTES)) {
            pinned.segment().set(ValueLayout.JAVA_INT, PINNED_BYTES - Integer.BYTES, step.number());
            Stream stream = bench.stream(step);
            reset(level, stream);
            int kept = pinned.segment().get(ValueLayout.JAVA_INT, PINNED_BYTES - Integer.BYTES);
            claim.holds(kept == step.number(), "behind a %s pinned memory has %d".formatted(level.title(), kept),
                    "%d, which the host wrote before".formatted(step.number()));
        }
    }

    private void reset(ResetLevel level, Stream stream) {
        LinkRuntime runtime = ppu.link().runtime();
        desk.resets(level);
        int epoch = ppu.epoch();
        long begin = runtime.nanos();
        ResetReport report = ppu.reset(level);
        long end = runtime.nanos();
        List<RecoveryEvent> told = ppu.recoveries();
        int now = ppu.epoch();
        boolean climbed = report.attempts().stream().anyMatch(attempt -> attempt.level().endsEpoch());
        if (climbed && !level.endsEpoch() && desk.harmless()) {
            bench.rules().broken(Invariant.REACH, "%s: nothing has struck that may cost anybody anything, and it took %s"
                    .formatted(step, report), "a " + level.title());
        }
        desk.hasReset(report);
        requireReport(level, report, end - begin);
        requireTold(report, told, begin);
        if (desk.quiet()) {
            claim.holds(report.recovered() && report.attempts().size() == 1 && report.attempts().getFirst().level() == level,
                    "no fault has struck, and a reset has come to " + report, "one attempt, a %s, that helps".formatted(level.title()));
            claim.holds(now == epoch + (level.endsEpoch() ? 1 : 0) && report.epoch() == now,
                    "behind %s the epoch is %d; before it was %d".formatted(report, now, epoch),
                    level.endsEpoch() ? "the next one" : "the same");
        }
        if (report.recovered() && report.attempts().getLast().level() != ResetLevel.ENGINE) {
            requireLost(report, stream);
        }
    }

    private void requireReport(ResetLevel level, ResetReport report, long nanos) {
        List<ResetReport.Attempt> attempts = report.attempts();
        boolean climbing = !attempts.isEmpty() && attempts.getFirst().level() == level;
        for (int i = 1; climbing && i < attempts.size(); i++) {
            climbing = !attempts.get(i - 1).recovered() && attempts.get(i - 1).level().compareTo(attempts.get(i).level()) <= 0;
        }
        long spent = attempts.stream().mapToLong(ResetReport.Attempt::nanos).sum();
        claim.holds(report.asked() == level && climbing && spent <= nanos, "in %,d ns: %s".formatted(nanos, report),
                "attempts from a %s upwards, each behind one that failed, in no more time than that".formatted(level.title()));
    }

    private void requireTold(ResetReport report, List<RecoveryEvent> told, long begin) {
        ResetReport.Attempt last = report.attempts().getLast();
        boolean matched = told.stream().anyMatch(event -> event.nanos() >= begin && event.recovered() == last.recovered()
                && (event.level() == last.level() || !last.recovered() && last.level().endsEpoch())
                && event.culprit().isEmpty());
        claim.holds(matched, "recoveries() tells " + told, "one for " + report);
    }

    /** Whoever had queues before has lost them, and what was in them. */
    private void requireLost(ResetReport report, Stream stream) {
        try {
            stream.synchronize();
        } catch (ContextLostException lost) {
            HgResult result = report.attempts().getLast().level().endsEpoch() ? HgResult.DEVICE_UNAVAILABLE : HgResult.LAUNCH_FAILED;
            claim.holds(!desk.quiet() || lost.role() == LossRole.COLLATERAL && lost.hgresult() == result,
                    "behind %s its context is %s by %s: %s".formatted(report, lost.role(), lost.hgresult(), lost.getMessage()),
                    "COLLATERAL, " + result);
            throw lost;
        }
        claim.holds(false, "behind %s its context goes on".formatted(report), "that it is lost");
    }
}
