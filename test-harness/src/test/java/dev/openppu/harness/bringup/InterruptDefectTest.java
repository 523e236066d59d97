package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteSettings;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hard cases about interrupts: the model keeps their rules, and a rule that is broken turns exactly its cases red. */
class InterruptDefectTest {
    private static final Suite SUITE = new Suite("interrupts", "Interrupts",
            List.of(CauseCases.stage(SuiteSettings.QUICK), ModerationCases.stage(SuiteSettings.QUICK)));
    /** Of zw810e: one for each of its 64 queues, and vector 0. */
    private static final int VECTORS = 65;

    @ParameterizedTest
    @ValueSource(strings = {"model:zw810e?clock=sim&seed=5", "model:zw810e?clock=free"})
    void theModelKeepsEveryRule(String uri) {
        assertThat(DefectRuns.sound(SUITE, uri).tally().passed()).isEqualTo(SUITE.size());
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                arguments("a write to raw that clears every cause",
                        WrongRegisters.writing(bar0 -> bar0.interrupts().base() + InterruptsRegs.RAW_OFFSET, value -> -1L),
                        Set.of("interrupts.raw-bits", "interrupts.shared")),
                arguments("an enable register that lets everything through",
                        WrongRegisters.writing(bar0 -> bar0.interrupts().base() + InterruptsRegs.ENABLE_OFFSET, value -> -1L),
                        DefectRuns.ids(SUITE, id -> id.matches("interrupts\\.(cause\\..*|enable-at-once)"))),
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
                        WrongRegisters.writingQueues(QueueRegs.CONTROL_OFFSET,
                                value -> QueueRegs.Control.interrupt((int) value)
                                        ? QueueRegs.Control.withVector((int) value, QueueRegs.Control.vector((int) value) + 1)
                                        : value),
                        DefectRuns.ids(SUITE,
                                id -> id.matches(
                                        "interrupts\\.queue\\.(vectors|no-signal|shared|no-vector|masked|moderation(-off)?|held-.*)"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void turnsExactlyItsCasesRed(String name, UnaryOperator<DeviceLink> defect, Set<String> expected) {
        DefectRuns.expectRed(SUITE, defect, expected);
    }
}
