package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openppu.abi.reg.PowerRegs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.harness.Stage;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteReport;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases about power: the model keeps their rules, and a rule that is broken turns exactly its cases red. */
class PowerDefectTest {
    private static final Stage IDLE = PowerCases.stage();
    private static final Stage LOADED = PowerLoadCases.stage();

    @ParameterizedTest
    @ValueSource(strings = {"model:zw810e?clock=sim&seed=5", "model:hanguang800?clock=sim&seed=5", "model:zw810e?clock=free"})
    void theModelKeepsEveryRule(String uri) {
        SuiteReport report = DefectRuns.sound(suite(IDLE, LOADED), uri);
        assertThat(report.tally().passed()).isEqualTo(IDLE.cases().size() + LOADED.cases().size() - 2);
        assertThat(report.tally().unobservable()).as("the brake, and a temperature that no work reaches").isEqualTo(2);
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                arguments("a draw that is shown too low",
                        WrongRegisters.reading(bar0 -> bar0.power().base() + PowerRegs.DRAW_OFFSET, value -> value * 9 / 10), IDLE,
                        Set.of("power.energy", "power.reset")),
                arguments("a lock whose lower end counts for nothing",
                        WrongRegisters.writing(bar0 -> bar0.power().base() + PowerRegs.LOCK_OFFSET, value -> value & ~0xFFFFL), IDLE,
                        Set.of("power.lock", "power.applications", "power.d3hot")),
                arguments("a device that is never idle",
                        WrongRegisters.reading(bar0 -> bar0.power().base() + PowerRegs.THROTTLE_OFFSET,
                                value -> value & ~PowerRegs.Throttle.IDLE_MASK),
                        IDLE, Set.of("power.idle", "power.cap", "power.reset")),
                arguments("a memory that ignores its clock",
                        WrongRegisters.writing(bar0 -> bar0.power().base() + PowerRegs.APPLICATIONS_OFFSET, value -> value & 0xFFFF), IDLE,
                        Set.of("power.applications")),
                arguments("a cap that caps nothing", WrongRegisters.writing(bar0 -> bar0.power().base() + PowerRegs.CAP_OFFSET, value -> 0),
                        LOADED,
                        Set.of("power.load.cap", "power.load.cap-out-of-range")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    void turnsExactlyItsCasesRed(String name, UnaryOperator<DeviceLink> defect, Stage stage, Set<String> expected) {
        DefectRuns.expectRed(suite(stage), defect, expected);
    }

    private static Suite suite(Stage... stages) {
        return new Suite("power", "Power", List.of(stages));
    }
}
