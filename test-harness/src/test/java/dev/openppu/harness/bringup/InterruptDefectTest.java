package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import dev.openppu.harness.SuiteSettings;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hard cases about interrupts: the model keeps their rules, and a rule that is broken turns exactly its cases red. */
class InterruptDefectTest {
    private static final Suite SUITE = new Suite("interrupts", "Interrupts",
            List.of(CauseCases.stage(SuiteSettings.QUICK), ModerationCases.stage(SuiteSettings.QUICK)));
    private static final int VECTORS = 65;

    @ParameterizedTest
    @ValueSource(strings = {"model:zw810e?clock=sim&seed=5", "model:zw810e?clock=free"})
    void theModelKeepsEveryRule(String uri) {
        SuiteReport report = run(uri, link -> link);
        assertThat(report.failures().stream().map(f -> f.subject().id() + ": " + f.outcome().remark())).isEmpty();
        assertThat(report.tally().passed()).isEqualTo(SUITE.size());
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                arguments("a write to raw that clears every cause",
                        WrongRegisters.writing(bar0 -> bar0.interrupts().base() + InterruptsRegs.RAW_OFFSET, value -> -1L),
                        Set.of("interrupts.raw-bits", "interrupts.shared")),
                arguments("an enable register that lets everything through",
                        WrongRegisters.writing(bar0 -> bar0.interrupts().base() + InterruptsRegs.ENABLE_OFFSET, value -> -1L),
                        like(id -> id.matches("interrupts\\.(cause\\..*|enable-at-once)"))),
                arguments("moderation that holds nothing back",
                        WrongRegisters.writing(bar0 -> bar0.interrupts().base() + InterruptsRegs.MODERATION_OFFSET, value -> 0),
                        Set.of("interrupts.moderation.burst", "interrupts.moderation.reset")),
                arguments("a vector that there is not, taken for another",
                        WrongRegisters.writing(bar0 -> bar0.interrupts().base() + InterruptsRegs.FORCE_OFFSET,
                                value -> InterruptsRegs.Force.vector((int) value) < VECTORS
                                        ? value
                                        : InterruptsRegs.Force.withVector((int) value, 0)),
                        Set.of("interrupts.no-vector")),
                arguments("queues whose messages go to the next vector",
                        WrongRegisters.writing(bar0 -> bar0.queue(0).base() + QueueRegs.CONTROL_OFFSET, PpuBar0Regs.QUEUE_COUNT,
                                QueueRegs.SIZE,
                                value -> QueueRegs.Control.interrupt((int) value)
                                        ? QueueRegs.Control.withVector((int) value, QueueRegs.Control.vector((int) value) + 1)
                                        : value),
                        like(id -> id.matches("interrupts\\.queue\\.(vectors|no-signal|shared|no-vector|masked|moderation)"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void turnsExactlyItsCasesRed(String name, UnaryOperator<DeviceLink> defect, Set<String> expected) {
        List<String> red = run("model:zw810e?clock=sim&seed=3", defect).failures().stream().map(failure -> failure.subject().id()).toList();
        assertThat(red).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Set<String> like(Predicate<String> ids) {
        return SUITE.stages().stream().flatMap(stage -> stage.cases().stream()).map(each -> each.id()).filter(ids)
                .collect(Collectors.toSet());
    }

    private static SuiteReport run(String uri, UnaryOperator<DeviceLink> defect) {
        try (DeviceLink link = Links.open(uri)) {
            return SuiteRunner.run(SUITE, defect.apply(link), SuiteListener.SILENT);
        }
    }
}
