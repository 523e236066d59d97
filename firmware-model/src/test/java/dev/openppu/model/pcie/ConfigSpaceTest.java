package dev.openppu.model.pcie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.DeviceLink.Bar;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.BarSizing;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.model.sim.SimulatedWorld;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Offsets and values are written by hand from the specification, not taken from the constants that the model uses. */
@Timeout(60)
class ConfigSpaceTest {
    private static final int COMMAND = 0x04;
    private static final int MEMORY = 1 << 1;
    private static final int MASTER = 1 << 2;
    private static final int EXPRESS = 0x60;
    private static final int DEVICE_STATUS = EXPRESS + 0x0A;
    private static final int AER_UNCORRECTABLE_STATUS = 0x104;
    private static final int AER_CORRECTABLE_STATUS = 0x110;
    private static final int UNSUPPORTED_REQUEST = 1 << 20;
    private static final int PMCSR = 0x44;
    private static final int RESIZABLE_CONTROL = 0x168;

    private TestDevice.Bench bench;
    private ConfigSpace config;

    @BeforeEach
    void open() {
        bench = TestDevice.open(new SimulatedWorld(42));
        config = bench.link().config();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void theHeaderSaysWhatTheDeviceIs() {
        assertThat(config.read32(0x00)).isEqualTo(0x6001_1ded);
        assertThat(config.read32(0x08)).isEqualTo(0x0302_0003);
        assertThat(config.read8(0x0E)).isZero();
        assertThat(config.read32(0x2C)).isEqualTo(0x4f50_1ded);
        assertThat(config.read8(0x3D)).as("no INTx").isZero();
        assertThat(config.read16(0x06) & 0x10).as("capabilities list").isNotZero();
    }

    @Test
    void theCapabilitiesAreWhereTheListsSay() {
        assertThat(Capabilities.walk(config)).containsExactly(new Capability(0x01, 0x40, false, 0), new Capability(0x10, 0x60, false, 0),
                new Capability(0x11, 0xA0, false, 0), new Capability(0x09, 0xB0, false, 0), new Capability(0x0001, 0x100, true, 2),
                new Capability(0x0003, 0x150, true, 1), new Capability(0x0015, 0x160, true, 1));
        assertThat(config.read32(0xB0)).isEqualTo(0x0110_0009);
        assertThat(config.read32(0xB4)).isEqualTo(0x5550_504f);
        assertThat(config.read32(0xBC)).isEqualTo(9);
        assertThat(config.read32(0x154)).isEqualTo(0x5566_7788);
        assertThat(config.read32(0x158)).isEqualTo(0x1122_3344);
        assertThat(config.read16(0xA2)).as("MSI-X vectors less one").isEqualTo(TestDevice.VECTORS - 1);
        assertThat(config.read32(0xA4)).isEqualTo(TestDevice.TABLE | 4);
        assertThat(config.read32(0xA8)).isEqualTo(TestDevice.PENDING | 4);
        assertThat(config.read16(EXPRESS + 0x12) & 0x3ff).as("gen 5, x16").isEqualTo(0x105);
        assertThat(config.read32(EXPRESS + 4) >>> 28 & 1).as("FLR capable").isEqualTo(1);
    }

    /** Every bit of the 4096 bytes: what changes when ones, then zeros, are written is exactly this. */
    @Test
    void exactlyTheWritableBitsAreWritable() {
        Map<Integer, Integer> writable = new TreeMap<>();
        for (int offset = 0; offset < config.size(); offset += 2) {
            int ones = offset == EXPRESS + 8 ? 0x7fff : offset == PMCSR ? 0x3 : 0xffff;
            int before = config.read16(offset);
            config.write16(offset, before | ones);
            int high = config.read16(offset);
            config.write16(offset, 0);
            int low = config.read16(offset);
            if (high != low) {
                writable.put(offset, high ^ low);
            }
        }
        assertThat(writable)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(Map.entry(0x04, 0x0546), Map.entry(0x0C, 0x00ff), Map.entry(0x12, 0xffff),
                        Map.entry(0x1A, 0xfff0), Map.entry(0x1C, 0xffff), Map.entry(0x1E, 0xffff), Map.entry(0x20, 0xc000),
                        Map.entry(0x22, 0xffff), Map.entry(0x24,
                                0xffff),
                        Map.entry(0x26, 0xffff), Map.entry(0x3C, 0x00ff), Map.entry(PMCSR, 0x0003), Map.entry(EXPRESS + 8, 0x79ff),
                        Map.entry(
                                EXPRESS + 0x10, 0x00cb),
                        Map.entry(EXPRESS + 0x28, 0x0010), Map.entry(EXPRESS + 0x30, 0x000f), Map.entry(0xA2, 0xc000),
                        Map.entry(0x108, 0xf030), Map.entry(0x10A, 0x0057), Map.entry(0x10C, 0xf030), Map.entry(0x10E, 0x0057),
                        Map.entry(0x114, 0xf1c1)));
    }

    @Test
    void bytesOfARegisterAreWrittenAlone() {
        config.write8(0x3C, 0x5a);
        config.write8(0x3D, 0xff);
        assertThat(config.read32(0x3C)).isEqualTo(0x0000_005a);
        config.write8(0x0D, 0xff);
        config.write8(0x0C, 0x10);
        assertThat(config.read32(0x0C)).isEqualTo(0x10);
        config.write8(COMMAND + 1, 0x04);
        assertThat(config.read16(COMMAND)).isEqualTo(0x0400);
        config.write32(COMMAND, MEMORY);
        assertThat(config.read16(COMMAND)).isEqualTo(MEMORY);
    }

    @Test
    void unalignedAndOutsideAccessesAreRefused() {
        assertThatThrownBy(() -> config.read32(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> config.write16(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> config.read8(4096)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> config.read32(-4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void barsAreSizedByWritingOnes() {
        assertThat(BarSizing.probe(config))
                .containsExactly(new Bar(0, 1 << 16, false, false), new Bar(2, TestDevice.SMALLEST, true, true), new Bar(4, 1 << 14,
                        true, false))
                .isEqualTo(bench.link().bars());
        assertThat(config.read32(0x10)).as("assigned").isNotZero();
    }

    @Test
    void memorySpaceEnableDecidesWhetherBarsAnswer() {
        assertThatThrownBy(() -> bench.link().bar(0)).isInstanceOf(LinkException.class).hasMessageContaining("decoding is off");
        config.write16(COMMAND, MEMORY);
        Mmio bar = bench.link().bar(0);
        bar.write32(8, 77);
        assertThat(bar.read32(8)).isEqualTo(77);
        config.write16(COMMAND, MASTER);
        assertThat(bar.read32(8)).isEqualTo(-1);
        bar.write32(8, 78);
        config.write16(COMMAND, MEMORY);
        assertThat(bar.read32(8)).isEqualTo(77);
        assertThatThrownBy(() -> bench.link().bar(1)).isInstanceOf(LinkException.class).hasMessageContaining("BAR0, BAR2, BAR4");
    }

    @Test
    void aBarThatHasMovedAnswersAtItsNewAddressOnly() {
        config.write16(COMMAND, MEMORY);
        Mmio before = bench.link().bar(0);
        before.write32(0, 5);
        assertThat(before.read32(0)).isEqualTo(5);
        config.write32(0x10, 0x9000_0000);
        assertThat(before.read32(0)).isEqualTo(-1);
        assertThat(bench.link().bar(0).read32(0)).isEqualTo(5);
        config.write32(0x10, 0);
        assertThatThrownBy(() -> bench.link().bar(0)).isInstanceOf(LinkException.class).hasMessageContaining("no address");
    }

    @Test
    void accessesThatNothingAnswersAreUnsupportedRequests() {
        config.write16(COMMAND, MEMORY);
        Mmio bar = bench.link().bar(0);
        config.write16(COMMAND, 0);
        assertThat(config.read16(DEVICE_STATUS)).isZero();

        assertThat(bar.read64(0)).isEqualTo(-1L);
        assertThat(config.read16(DEVICE_STATUS)).as("unsupported request, correctable (advisory)").isEqualTo(0x9);
        assertThat(config.read32(AER_UNCORRECTABLE_STATUS)).isEqualTo(UNSUPPORTED_REQUEST);
        assertThat(config.read32(AER_CORRECTABLE_STATUS)).as("advisory non-fatal").isEqualTo(1 << 13);
        assertThat(config.read32(0x118) & 0x1f).as("first error pointer").isEqualTo(20);

        config.write16(DEVICE_STATUS, 0x9);
        config.write32(AER_UNCORRECTABLE_STATUS, UNSUPPORTED_REQUEST);
        config.write32(AER_CORRECTABLE_STATUS, 1 << 13);
        assertThat(config.read16(DEVICE_STATUS)).isZero();
        assertThat(config.read32(AER_UNCORRECTABLE_STATUS)).isZero();
        assertThat(config.read32(AER_CORRECTABLE_STATUS)).isZero();

        bar.write32(0, 1);
        assertThat(config.read16(DEVICE_STATUS)).as("unsupported request, non-fatal").isEqualTo(0xA);
        assertThat(config.read32(AER_CORRECTABLE_STATUS)).isZero();

        config.write16(DEVICE_STATUS, 0xA);
        config.write32(0x10C, UNSUPPORTED_REQUEST);
        bar.write32(0, 1);
        assertThat(config.read16(DEVICE_STATUS)).as("unsupported request, fatal").isEqualTo(0xC);
    }

    @Test
    void theFirstErrorPointerNamesNoErrorThatIsMaskedOrCleared() {
        config.write16(COMMAND, MEMORY);
        Mmio bar = bench.link().bar(0);
        config.write16(COMMAND, 0);
        bar.write32(0, 1);
        assertThat(config.read32(0x118) & 0x1f).isEqualTo(20);
        config.write32(AER_UNCORRECTABLE_STATUS, UNSUPPORTED_REQUEST);
        assertThat(config.read32(0x118) & 0x1f).as("once the error is cleared").isZero();

        config.write32(0x108, UNSUPPORTED_REQUEST);
        bar.write32(0, 1);
        assertThat(config.read32(AER_UNCORRECTABLE_STATUS)).isEqualTo(UNSUPPORTED_REQUEST);
        assertThat(config.read32(0x118) & 0x1f).as("of a masked error").isZero();
    }

    @Test
    void stickyBitsSurviveEveryResetButACold() {
        config.write32(0x108, UNSUPPORTED_REQUEST);
        for (ResetKind kind : new ResetKind[]{ResetKind.FUNCTION_LEVEL, ResetKind.SECONDARY_BUS}) {
            bench.link().reset(kind);
            awaitReady();
            assertThat(config.read32(0x108)).as("mask after %s", kind).isEqualTo(UNSUPPORTED_REQUEST);
        }
        bench.link().reset(ResetKind.COLD);
        awaitReady();
        assertThat(config.read32(0x108)).isZero();
    }

    @Test
    void aFunctionLevelResetKeepsLinkControlAndPayloadSizeOnly() {
        config.write16(EXPRESS + 0x10, 0x40);
        config.write16(EXPRESS + 0x08, 0x2020);
        config.write16(EXPRESS + 0x30, 0x3);
        bench.link().reset(ResetKind.FUNCTION_LEVEL);
        awaitReady();
        assertThat(config.read16(EXPRESS + 0x10)).isEqualTo(0x40);
        assertThat(config.read16(EXPRESS + 0x08)).as("payload kept, the rest at its default").isEqualTo(0x2830);
        assertThat(config.read16(EXPRESS + 0x30)).as("RWS").isEqualTo(3);
        bench.link().reset(ResetKind.SECONDARY_BUS);
        awaitReady();
        assertThat(config.read16(EXPRESS + 0x10)).isZero();
        assertThat(config.read16(EXPRESS + 0x08)).isEqualTo(0x2810);
    }

    private void awaitReady() {
        long deadline = bench.link().runtime().deadline(1_000_000_000);
        while (config.read32(0) == -1) {
            assertThat(bench.link().runtime().nanos()).isLessThan(deadline);
            bench.link().runtime().sleep(50_000);
        }
    }

    @Test
    void inD3hotOnlyConfigSpaceAnswersAndComingBackTakesAWhile() {
        config.write16(COMMAND, MEMORY | MASTER);
        Mmio bar = bench.link().bar(0);
        bar.write32(0, 5);
        bar.read32(0);
        config.write16(PMCSR, 3);
        assertThat(config.read16(PMCSR)).isEqualTo(0xB);
        assertThat(bar.read32(0)).isEqualTo(-1);
        assertThat(config.read16(DEVICE_STATUS) & 8).isNotZero();
        assertThat(bench.device().host.write64(0x1_0000_0000L, 1)).isEqualTo(DmaResult.BUS_MASTER_OFF);
        config.write16(PMCSR, 0);
        assertThat(bar.read32(0)).as("right after").isEqualTo(-1);
        bench.link().runtime().sleep(10_000_000);
        assertThat(bar.read32(0)).as("10 ms later, context kept").isEqualTo(5);
        assertThat(config.read16(COMMAND)).isEqualTo(MEMORY | MASTER);
    }

    @Test
    void unsupportedPowerStatesAreIgnored() {
        for (int state : new int[]{1, 2}) {
            config.write16(PMCSR, state);
            assertThat(config.read16(PMCSR) & 3).isZero();
        }
        config.write16(PMCSR, 3);
        config.write16(PMCSR, 1);
        assertThat(config.read16(PMCSR) & 3).isEqualTo(3);
    }

    @Test
    void leavingD3hotTwiceInARowIsNotShortened() {
        config.write16(COMMAND, MEMORY);
        Mmio bar = bench.link().bar(0);
        config.write16(PMCSR, 3);
        config.write16(PMCSR, 0);
        config.write16(PMCSR, 3);
        bench.link().runtime().sleep(20_000_000);
        assertThat(bar.read32(0)).as("an old recovery must not wake a sleeping function").isEqualTo(-1);
    }

    @Test
    void aResizableBarTakesEverySupportedSizeAndNoOther() {
        assertThat(config.read32(0x164)).as("supported sizes, 1 MiB to 128 GiB").isEqualTo(0x003f_fff0);
        assertThat(config.read32(RESIZABLE_CONTROL)).isEqualTo(2 | 1 << 5);
        for (int encoded = 0; encoded <= 17; encoded++) {
            config.write32(RESIZABLE_CONTROL, encoded << 8);
            assertThat(config.read32(RESIZABLE_CONTROL) >>> 8 & 0x3f).isEqualTo(encoded);
            long size = 1L << 20 + encoded;
            assertThat(bench.link().bars().get(1)).isEqualTo(new Bar(2, size, true, true));
            assertThat(BarSizing.probe(config).get(1).size()).isEqualTo(size);
        }
        for (int encoded : new int[]{18, 40, 63}) {
            config.write32(RESIZABLE_CONTROL, encoded << 8);
            assertThat(config.read32(RESIZABLE_CONTROL) >>> 8 & 0x3f).as("size %d is dropped", encoded).isEqualTo(17);
        }
        config.write16(COMMAND, MEMORY);
        config.write32(RESIZABLE_CONTROL, 3 << 8);
        assertThat(config.read32(RESIZABLE_CONTROL) >>> 8 & 0x3f).as("decoding is on").isEqualTo(17);
        Mmio bar = bench.link().bar(2);
        assertThat(bar.size()).isEqualTo(TestDevice.LARGEST);
        bar.write64(TestDevice.LARGEST - 8, 0x1234);
        assertThat(bar.read64(TestDevice.LARGEST - 8)).isEqualTo(0x1234);
        bench.link().reset(ResetKind.FUNCTION_LEVEL);
        awaitReady();
        assertThat(config.read32(RESIZABLE_CONTROL)).as("default again").isEqualTo(2 | 1 << 5);
        assertThat(bench.link().bars().get(1).size()).isEqualTo(TestDevice.SMALLEST);
        assertThat(bench.device().sizes).last().isEqualTo(TestDevice.SMALLEST);
    }

    @Test
    void afterAResetConfigReadsAllOnesUntilReadyAndConfigurationIsLost() {
        for (ResetKind kind : ResetKind.values()) {
            config.write16(COMMAND, MEMORY | MASTER);
            config.write32(0x10, 0x8000_0000);
            Mmio bar = bench.link().bar(0);
            config.write16(0xA2, 0xc000);
            bench.link().reset(kind);
            assertThat(config.read32(0)).as("right after %s", kind).isEqualTo(-1);
            assertThat(config.read8(0x40)).isEqualTo(0xff);
            assertThat(bar.read32(0)).isEqualTo(-1);
            config.write16(COMMAND, MEMORY);
            awaitReady();
            assertThat(config.read16(COMMAND)).as("a write to an unready function goes nowhere").isZero();
            assertThat(config.read32(0x10)).isZero();
            assertThat(config.read16(0xA2)).isEqualTo(TestDevice.VECTORS - 1);
            assertThat(bench.device().resets).last().isEqualTo(kind);
        }
    }

    @Test
    void initiateFlrReadsZeroAndWorksAsAByteAndAsADoubleword() {
        int before = bench.device().resets.size();
        config.write8(EXPRESS + 9, 0x80 | config.read8(EXPRESS + 9));
        awaitReady();
        assertThat(config.read16(EXPRESS + 8) & 0x8000).isZero();
        config.write32(EXPRESS + 8, 0x8000);
        awaitReady();
        assertThat(bench.device().resets).hasSize(before + 2).last().isEqualTo(ResetKind.FUNCTION_LEVEL);
    }

    /** Thirty resets, then the wait: an end that came from an earlier one would come within a millisecond, the last one's own takes 100 times that on average. */
    @Test
    void aResetDoesNotEndEarlyBecauseOfTheOnesBefore() {
        long total = 0;
        for (int seed = 0; seed < 20; seed++) {
            try (TestDevice.Bench b = TestDevice.open(new SimulatedWorld(seed))) {
                for (int i = 0; i < 30; i++) {
                    b.link().reset(ResetKind.SECONDARY_BUS);
                    b.link().runtime().sleep(1_000);
                }
                long begin = b.link().runtime().nanos();
                while (b.link().config().read32(0) == -1) {
                    b.link().runtime().sleep(1_000);
                }
                total += b.link().runtime().nanos() - begin;
            }
        }
        assertThat(total / 20).isGreaterThan(2_000_000);
    }

    @Test
    void transactionsPendingShowsWhatIsUnderWay() {
        assertThat(config.read16(DEVICE_STATUS) & 0x20).isZero();
        bench.device().pendingTransactions = true;
        assertThat(config.read16(DEVICE_STATUS) & 0x20).isNotZero();
        bench.device().pendingTransactions = false;
        assertThat(config.read16(DEVICE_STATUS) & 0x20).isZero();
    }
}
