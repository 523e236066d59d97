package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.BringUpListener;
import dev.openppu.driver.BringUpStage;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.owner.PciFunction;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.link.ModelLink;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Something goes wrong while a device is opened, at moments spread over the whole bring-up: it opens, or fails with the driver's own exception within bounded time; nothing is left behind; and
 * when the fault is gone it opens.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class BringUpFaultsTest {
    private static final int MOMENTS = Integer.getInteger("openppu.soak", 1) * 8;
    private static final PpuOptions OPTIONS = PpuOptions.builder().bootTimeout(Duration.ofMillis(500))
            .messageTimeout(Duration.ofMillis(200))
            .drainTimeout(Duration.ofMillis(50)).noDumps().build();

    /** What strikes, and how it is put right. */
    enum Blow {
        REMOVAL(link -> link.faults().remove(), link -> link.faults().restore()),
        FIRMWARE_CRASH(link -> link.faults().crashFirmware("planted while opening"), link -> {}),
        FIRMWARE_HANG(link -> link.faults().hangFirmware(), link -> {}),
        SLOW_FIRMWARE(link -> link.faults().slowFirmware(TimeUnit.MILLISECONDS.toNanos(5)), link -> link.faults().slowFirmware(0)),
        DAMAGED_MESSAGE(link -> link.faults().damageMessages(1), link -> {}),
        LOST_INTERRUPTS(link -> link.faults().dropInterrupts(FaultInjector.ANY, 100), link -> {}),
        FUNCTION_RESET(link -> link.reset(ResetKind.FUNCTION_LEVEL), link -> {}),
        BUS_RESET(link -> link.reset(ResetKind.SECONDARY_BUS), link -> {}),
        A_RESET_THAT_NEVER_ENDS(link -> {
            link.faults().failResets(ResetKind.FUNCTION_LEVEL, 1);
            link.reset(ResetKind.FUNCTION_LEVEL);
        }, link -> link.reset(ResetKind.SECONDARY_BUS)),
        POWER_LOSS(link -> link.reset(ResetKind.COLD), link -> {});

        private final Consumer<ModelLink> strike;
        private final Consumer<ModelLink> mend;

        Blow(Consumer<ModelLink> strike, Consumer<ModelLink> mend) {
            this.strike = strike;
            this.mend = mend;
        }

        /** Whether the driver cannot have found the function again when it gave up. */
        boolean unplugs() {
            return this == REMOVAL || this == A_RESET_THAT_NEVER_ENDS;
        }
    }

    /** How the device is found. */
    enum Found {
        POWERED_ON, LEFT_IN_ORDER, DIRTY;

        void prepare(ModelLink link) {
            if (this != POWERED_ON) {
                Ppu ppu = Ppu.open(link, OPTIONS);
                ppu.detach();
            }
            if (this == DIRTY) {
                new PciFunction(link).enableMemory();
                FwRegs firmware = new PpuBar0Regs(link.bar(PpuIds.BAR_REGISTERS)).fw();
                firmware.writeStickyScratch(0, ~firmware.readStickyScratch(0));
            }
        }
    }

    static Stream<Arguments> blows() {
        return Arrays.stream(Blow.values()).flatMap(blow -> Arrays.stream(Found.values()).map(found -> Arguments.of(blow, found)));
    }

    @ParameterizedTest(name = "{0}, found {1}")
    @MethodSource("blows")
    void whateverHappensItOpensOrSaysWhyNotAndOpensAgain(Blow blow, Found found) {
        long whole = nanosToOpen(found);
        for (int i = 0; i < MOMENTS; i++) {
            strikeAt(blow, found, i + 1, whole * i / MOMENTS);
        }
    }

    private static long nanosToOpen(Found found) {
        try (ModelLink link = (ModelLink) Links.open(Devices.simulated(1))) {
            found.prepare(link);
            long begin = link.runtime().nanos();
            Ppu ppu = Ppu.open(link, OPTIONS);
            long end = link.runtime().nanos();
            ppu.close();
            return end - begin;
        }
    }

    private static void strikeAt(Blow blow, Found found, int seed, long nanos) {
        try (ModelLink link = (ModelLink) Links.open(Devices.simulated(seed))) {
            found.prepare(link);
            PciFunction enumerated = new PciFunction(link);
            LinkRuntime.Worker striker = link.runtime().start("striker", () -> {
                link.runtime().sleep(nanos);
                blow.strike.accept(link);
            });
            try (Ppu ppu = Ppu.open(link, OPTIONS)) {
                striker.join(LinkRuntime.NEVER);
                assertThat(ppu.info().queues()).isPositive();
            } catch (PpuException e) {
                assertThat(e.remedy()).isNotBlank();
            }
            striker.join(LinkRuntime.NEVER);
            assertThat(link.dmaMappings()).as("IOVA mappings, %s after %d ns", blow, nanos).isZero();
            blow.mend.accept(link);
            if (nanos == 0 || blow.unplugs()) {
                link.runtime().sleep(TimeUnit.SECONDS.toNanos(1));
                enumerated.restore(); // as the host does with what is plugged in
            }
            opens(link);
            assertThat(link.dmaMappings()).isZero();
        }
    }

    private static void opens(ModelLink link) {
        try (Ppu ppu = Ppu.open(link, OPTIONS)) {
            Inventory before = ppu.inventory();
            Devices.work(ppu);
            assertThat(ppu.inventory()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatFailsLeavesNothingBehind(BringUpStage at) {
        for (boolean atItsEnd : new boolean[]{false, true}) {
            try (ModelLink link = (ModelLink) Links.open(Devices.simulated(1))) {
                PpuOptions failing = PpuOptions.builder().noDumps().listener(failing(at, atItsEnd)).build();
                assertThatThrownBy(() -> Ppu.open(link, failing)).isInstanceOf(IllegalStateException.class)
                        .hasMessage("planted in the listener");
                assertThat(link.dmaMappings()).isZero();
                assertThat(new PciFunction(link).busMaster()).isFalse();
                opens(link);
            }
        }
    }

    private static BringUpListener failing(BringUpStage at, boolean atItsEnd) {
        return new BringUpListener() {
            @Override
            public void began(BringUpStage stage, long nanos) {
                fail(stage, !atItsEnd);
            }

            @Override
            public void ended(BringUpStage stage, long nanos) {
                fail(stage, atItsEnd);
            }

            private void fail(BringUpStage stage, boolean now) {
                if (stage == at && now) {
                    throw new IllegalStateException("planted in the listener");
                }
            }
        };
    }
}
