package dev.openppu.model.pcie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.model.sim.FreeRunningWorld;
import dev.openppu.model.sim.SimulatedWorld;
import dev.openppu.model.sim.World;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class MsixTest {
    private static final int MESSAGE_CONTROL = 0xA2;
    private static final int FUNCTION_MASK = 1 << 14;
    private static final int MASTER = 4;
    private static final int MEMORY = 2;

    static Stream<World> worlds() {
        return Stream.of(new SimulatedWorld(1), new SimulatedWorld(2), new SimulatedWorld(3), new FreeRunningWorld(1));
    }

    private static TestDevice.Bench open(World world) {
        TestDevice.Bench bench = TestDevice.open(world);
        bench.link().config().write16(4, MEMORY | MASTER);
        bench.link().interrupts().enable(TestDevice.VECTORS);
        return bench;
    }

    private static void raise(TestDevice.Bench bench, int vector) {
        bench.world().exclusively(() -> bench.device().host.interrupt(vector));
    }

    /** A config read's completion pushes whatever the function has sent. */
    private static long delivered(TestDevice.Bench bench, int vector) {
        bench.link().config().read16(0);
        return bench.link().interrupts().delivered(vector);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void everyVectorIsDeliveredMaskedHeldBackAndReplayed(World world) {
        try (TestDevice.Bench bench = open(world)) {
            Interrupts interrupts = bench.link().interrupts();
            for (int v = 0; v < TestDevice.VECTORS; v++) {
                raise(bench, v);
                raise(bench, v);
                assertThat(delivered(bench, v)).as("vector %d", v).isEqualTo(2);

                interrupts.mask(v);
                assertThat(interrupts.pending(v)).isFalse();
                raise(bench, v);
                raise(bench, v);
                assertThat(delivered(bench, v)).as("masked vector %d", v).isEqualTo(2);
                assertThat(interrupts.pending(v)).isTrue();
                int other = (v + 1) % TestDevice.VECTORS;
                assertThat(interrupts.pending(other)).isFalse();

                interrupts.unmask(v);
                assertThat(delivered(bench, v)).as("one message for all that was held back").isEqualTo(3);
                assertThat(interrupts.pending(v)).isFalse();
                interrupts.mask(v);
                interrupts.unmask(v);
                assertThat(delivered(bench, v)).as("nothing was pending").isEqualTo(3);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void theFunctionMaskHoldsAllVectorsBackAndReplaysThoseNotMaskedThemselves(World world) {
        try (TestDevice.Bench bench = open(world)) {
            Interrupts interrupts = bench.link().interrupts();
            int control = bench.link().config().read16(MESSAGE_CONTROL);
            bench.link().config().write16(MESSAGE_CONTROL, control | FUNCTION_MASK);
            interrupts.mask(5);
            for (int v = 0; v < TestDevice.VECTORS; v++) {
                raise(bench, v);
                assertThat(delivered(bench, v)).isZero();
                assertThat(interrupts.pending(v)).isTrue();
            }
            bench.link().config().write16(MESSAGE_CONTROL, control);
            for (int v = 0; v < TestDevice.VECTORS; v++) {
                assertThat(delivered(bench, v)).as("vector %d", v).isEqualTo(v == 5 ? 0 : 1);
                assertThat(interrupts.pending(v)).isEqualTo(v == 5);
            }
            interrupts.unmask(5);
            assertThat(delivered(bench, 5)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void withoutBusMasteringMessagesWaitForIt(World world) {
        try (TestDevice.Bench bench = open(world)) {
            bench.link().config().write16(4, MEMORY);
            raise(bench, 3);
            assertThat(delivered(bench, 3)).isZero();
            bench.link().config().write16(4, MEMORY | MASTER);
            assertThat(delivered(bench, 3)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void disabledMeansNoInterruptAndForgottenCounters(World world) {
        try (TestDevice.Bench bench = open(world)) {
            Interrupts interrupts = bench.link().interrupts();
            raise(bench, 0);
            assertThat(delivered(bench, 0)).isEqualTo(1);
            interrupts.disable();
            raise(bench, 0);
            assertThat(delivered(bench, 0)).isEqualTo(1);
            assertThatThrownBy(() -> interrupts.mask(0)).isInstanceOf(LinkException.class).hasMessageContaining("not enabled");
            interrupts.enable(2);
            assertThat(delivered(bench, 0)).isZero();
            raise(bench, 1);
            raise(bench, 2);
            assertThat(delivered(bench, 1)).isEqualTo(1);
            assertThat(delivered(bench, 2)).as("not enabled: masked in the table").isZero();
        }
    }

    @Test
    void afterAResetVectorsAreMaskedAndCanBeEnabledAgain() {
        try (TestDevice.Bench bench = open(new SimulatedWorld(9))) {
            int[] bars = new int[6];
            for (int i = 0; i < 6; i++) {
                bars[i] = bench.link().config().read32(0x10 + 4 * i);
            }
            bench.link().reset(ResetKind.FUNCTION_LEVEL);
            bench.link().runtime().sleep(200_000_000);
            raise(bench, 0);
            assertThat(delivered(bench, 0)).isZero();
            for (int i = 0; i < 6; i++) {
                bench.link().config().write32(0x10 + 4 * i, bars[i]);
            }
            bench.link().config().write16(4, MEMORY | MASTER);
            bench.link().interrupts().enable(1);
            raise(bench, 0);
            assertThat(delivered(bench, 0)).isEqualTo(1);
        }
    }

    @Test
    void vectorsThatDoNotExistAreRefused() {
        try (TestDevice.Bench bench = open(new SimulatedWorld(9))) {
            Interrupts interrupts = bench.link().interrupts();
            assertThat(interrupts.vectors()).isEqualTo(TestDevice.VECTORS);
            assertThatThrownBy(() -> interrupts.delivered(TestDevice.VECTORS)).isInstanceOf(LinkException.class);
            assertThatThrownBy(() -> interrupts.mask(-1)).isInstanceOf(LinkException.class);
            assertThatThrownBy(() -> interrupts.enable(TestDevice.VECTORS + 1)).isInstanceOf(LinkException.class)
                    .hasMessageContaining("70");
            assertThatThrownBy(() -> interrupts.enable(0)).isInstanceOf(LinkException.class);
        }
    }
}
