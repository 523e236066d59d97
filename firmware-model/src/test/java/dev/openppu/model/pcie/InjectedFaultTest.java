package dev.openppu.model.pcie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.sim.FreeRunningWorld;
import dev.openppu.model.sim.SimulatedWorld;
import dev.openppu.model.sim.World;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a fault injector does to the PCIe function: interrupts, resets, presence. */
@Timeout(60)
class InjectedFaultTest {
    private static final int MASTER_AND_MEMORY = 6;
    private static final long SECOND = 1_000_000_000L;

    static Stream<World> worlds() {
        return Stream.of(new SimulatedWorld(1), new SimulatedWorld(2), new FreeRunningWorld(1));
    }

    private static TestDevice.Bench open(World world) {
        TestDevice.Bench bench = TestDevice.open(world);
        bench.link().config().write16(4, MASTER_AND_MEMORY);
        bench.link().interrupts().enable(TestDevice.VECTORS);
        return bench;
    }

    private static void raise(TestDevice.Bench bench, int vector) {
        bench.world().exclusively(() -> bench.device().host.interrupt(vector));
    }

    private static long delivered(TestDevice.Bench bench, int vector) {
        bench.link().config().read16(0);
        return bench.link().interrupts().delivered(vector);
    }

    private static boolean answersWithin(TestDevice.Bench bench, long nanos) {
        long deadline = bench.world().runtime().nanos() + nanos;
        while (bench.link().config().read16(0) == 0xffff) {
            if (bench.world().runtime().nanos() > deadline) {
                return false;
            }
            bench.world().runtime().sleep(100_000);
        }
        return true;
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void exactlyTheNextMessagesOfAVectorAreLost(World world) {
        try (TestDevice.Bench bench = open(world)) {
            bench.link().faults().dropInterrupts(3, 2);
            bench.link().faults().dropInterrupts(FaultInjector.ANY, 1);
            raise(bench, 3);
            raise(bench, 3);
            assertThat(delivered(bench, 3)).isZero();
            raise(bench, 4);
            assertThat(delivered(bench, 4)).as("any").isZero();
            raise(bench, 3);
            raise(bench, 4);
            assertThat(delivered(bench, 3)).isEqualTo(1);
            assertThat(delivered(bench, 4)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aStormRespectsTheMaskAndEnds(World world) {
        try (TestDevice.Bench bench = open(world)) {
            Interrupts interrupts = bench.link().interrupts();
            bench.link().faults().sendInterrupts(9, 3);
            assertThat(delivered(bench, 9)).isEqualTo(3);
            bench.link().faults().storm(5, 20_000);
            world.runtime().await(() -> interrupts.delivered(5) > 50, world.runtime().nanos() + SECOND);
            assertThat(interrupts.delivered(5)).isGreaterThan(50);
            interrupts.mask(5);
            long masked = delivered(bench, 5);
            world.runtime().sleep(1_000_000);
            assertThat(delivered(bench, 5)).isEqualTo(masked);
            for (int i = 0; i < 1_000 && !interrupts.pending(5); i++) { // in real time the storm's thread may have to wait for a processor
                world.runtime().sleep(1_000_000);
            }
            assertThat(interrupts.pending(5)).isTrue();
            bench.link().faults().endStorm(5);
            world.runtime().sleep(100_000);
            interrupts.unmask(5);
            assertThat(interrupts.pending(5)).isFalse();
            assertThat(delivered(bench, 5)).as("the one that was pending").isEqualTo(masked + 1);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aFunctionLevelResetMayNeverEndAndABusResetHelps(World world) {
        try (TestDevice.Bench bench = open(world)) {
            bench.link().faults().failResets(ResetKind.FUNCTION_LEVEL, 1);
            bench.link().reset(ResetKind.FUNCTION_LEVEL);
            assertThat(answersWithin(bench, SECOND / 5)).isFalse();
            bench.link().reset(ResetKind.SECONDARY_BUS);
            assertThat(answersWithin(bench, SECOND)).isTrue();
            bench.link().faults().slowResets(ResetKind.FUNCTION_LEVEL, 1, SECOND / 4);
            bench.link().reset(ResetKind.FUNCTION_LEVEL);
            assertThat(answersWithin(bench, SECOND / 10)).isFalse();
            assertThat(answersWithin(bench, SECOND)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aRemovedDeviceIsAllOnesAndComesBackPoweredOnAnew(World world) {
        try (TestDevice.Bench bench = open(world)) {
            assertThat(bench.link().bar(0).read32(0x10)).isZero();
            var bar = bench.link().bar(0);
            bench.link().faults().remove();
            assertThat(bench.link().config().read32(0)).isEqualTo(-1);
            assertThat(bar.read32(0x10)).isEqualTo(-1);
            bar.write32(0x10, 5);
            raise(bench, 2);
            bench.link().reset(ResetKind.SECONDARY_BUS);
            bench.link().reset(ResetKind.FUNCTION_LEVEL);
            assertThat(answersWithin(bench, SECOND / 5)).isFalse();
            assertThat(bench.link().interrupts().delivered(2)).isZero();
            int resets = bench.device().resets.size();
            bench.link().faults().restore();
            assertThat(answersWithin(bench, 2 * SECOND)).isTrue();
            assertThat(bench.device().resets.subList(resets, bench.device().resets.size())).containsExactly(ResetKind.COLD);
            assertThat(bench.link().config().read16(4) & MASTER_AND_MEMORY).isZero();
        }
    }

    @Test
    void aDeviceWhoseOwnCodeFailsIsLostForGood() {
        try (TestDevice.Bench bench = TestDevice.open(new SimulatedWorld(1))) {
            assertThat(bench.link().lost()).isEmpty();
            bench.world().exclusively(() -> bench.world().after(10, "bad", () -> {
                throw new IllegalStateException("on purpose");
            }));
            assertThatThrownBy(() -> bench.link().runtime().sleep(100)).isInstanceOf(LinkException.class);
            assertThat(bench.link().lost()).hasValueSatisfying(why -> assertThat(why).contains("'bad'", "on purpose"));
        }
    }
}
