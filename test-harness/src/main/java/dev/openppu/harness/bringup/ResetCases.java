package dev.openppu.harness.bringup;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.hal.Observable;
import dev.openppu.hal.ResetKind;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MappedRegister;
import dev.openppu.harness.bench.RegisterCensus;
import dev.openppu.harness.bench.Workshop;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Resets of the function amid every operation: at once behind its begin, at each stage of it that can be seen, and around its end. How long an operation
 * takes is measured on the link itself, once for each case.
 */
final class ResetCases {
    private static final Rule RULE = Rule.guide(1,
            "After a reset the device is as after power-on but for what only power clears, nothing of before it reaches the host any more, and it works");
    private static final long QUIET_NANOS = 2_000_000;

    private final ResetOperation operation;
    private final ResetKind kind;
    private final SuiteSettings settings;
    private final List<MappedRegister> registers;

    private ResetCases(ResetOperation operation, ResetKind kind, SuiteSettings settings, List<MappedRegister> registers) {
        this.operation = operation;
        this.kind = kind;
        this.settings = settings;
        this.registers = registers;
    }

    /** Whatever a case finds, the function is usable when the workshop closes. */
    private interface Revival extends AutoCloseable {
        @Override
        void close();
    }

    static Stage stage(SuiteSettings settings) {
        List<MappedRegister> registers = RegisterCensus.ofPpu().all();
        List<Case> cases = new ArrayList<>();
        for (ResetKind kind : ResetKind.values()) {
            for (ResetOperation operation : ResetOperation.all()) {
                ResetCases each = new ResetCases(operation, kind, settings, registers);
                Case subject = Case.of("reset.%s.%s".formatted(name(kind), operation.id()),
                        "%s amid %s".formatted(title(kind), operation.title()), RULE, each::run);
                cases.add(operation.id().equals("interrupt-pending") ? subject.needing(Observable.MSIX_MASKING) : subject);
            }
        }
        return new Stage("resets", "Resets amid operations", cases);
    }

    private static String name(ResetKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String title(ResetKind kind) {
        return switch (kind) {
            case FUNCTION_LEVEL -> "Function-level reset";
            case SECONDARY_BUS -> "Secondary bus reset";
            case COLD -> "Power off and on";
        };
    }

    private void run(Bench bench) {
        bench.function().requireReset(kind);
        if (!operation.block().isEmpty()) {
            Presence.require(bench, operation.block());
        }
        Moment.strikeAtEach(bench, () -> moments(bench), moment -> strike(bench, moment));
    }

    /** Two for the mildest reset, one for the others; all if thorough. */
    private List<Moment> moments(Bench bench) {
        List<Moment> all;
        try (Workshop shop = bench.workshop()) {
            bench.enabledInterrupts();
            UnderWay work = operation.preparation().prepare(bench, shop);
            long duration = Moment.measure(bench.link().runtime(), work);
            Check.that(duration >= 0, operation.title() + " ends by itself", "it does not");
            bench.function().revive();
            all = Moment.around(bench.link().runtime(), work.stages(), duration, settings.thorough());
        } finally {
            bench.disableInterrupts();
        }
        if (settings.thorough()) {
            return all;
        }
        List<Moment> two = Moment.sample(all, (operation.id() + name(kind)).hashCode() + (int) settings.seed());
        return kind == ResetKind.FUNCTION_LEVEL ? two : two.subList(1, 2);
    }

    // ---- the reset

    /** Returns whether the moment was as it is called. */
    private boolean strike(Bench bench, Moment moment) {
        String reset = "a %s reset %s".formatted(kind, moment.name());
        try (Workshop shop = bench.workshop(); Revival _ = bench.function()::revive) {
            bench.enabledInterrupts();
            UnderWay work = operation.preparation().prepare(bench, shop);
            bench.enabledInterrupts();
            int count = BootRegs.Resets.count(bench.registers().boot().readResets());
            work.start().run();
            boolean seen = moment.await().test(work);
            bench.link().reset(kind);
            bench.function().settle();
            OldEpoch old = OldEpoch.seal(shop.memory());
            long messages = OldEpoch.messages(bench, -1);
            bench.function().restore();
            Check.that(bench.bare().boot().awaitReady(), "ROM_READY after " + reset, bench.bare().boot().state().toString());
            expectResetState(bench, reset, count);
            OldEpoch.expectMessages(bench, reset, messages, -1);
            bench.disableInterrupts();
            bench.enabledInterrupts();
            SmallJob.afterReset(bench);
            bench.link().runtime().sleep(QUIET_NANOS);
            old.expectSilence(reset);
            OldEpoch.expectMessages(bench, reset, 0, SmallJob.VECTOR);
            return seen;
        } finally {
            bench.disableInterrupts();
        }
    }

    private void expectResetState(Bench bench, String reset, int countBefore) {
        Check.hex("id.magic after " + reset, PpuIds.MAGIC, bench.registers().id().readMagic());
        int resets = bench.registers().boot().readResets();
        int seen = BootRegs.Resets.count(resets);
        // A function that is not ready yet after a reset need not take the request for another one.
        boolean another = operation.id().equals("reset") && seen == countBefore + 2;
        Check.equal("boot.resets.count after " + reset, kind == ResetKind.COLD ? 0 : countBefore + (another ? 2 : 1), seen);
        Check.equal("boot.resets.last after " + reset, ResetKind.COLD.ordinal() - kind.ordinal(), BootRegs.Resets.last(resets));
        ResetValues.compare(bench, registers, kind == ResetKind.COLD);
    }
}
