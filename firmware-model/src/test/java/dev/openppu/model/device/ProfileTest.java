package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.model.pcie.FunctionIdentity;
import dev.openppu.model.pcie.FunctionIdentity.BarLayout;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.sim.SimulatedWorld;
import org.junit.jupiter.api.Test;

/** Profiles are data: what a device says of itself, and what it lacks, follows from one record. */
class ProfileTest {
    static final DeviceProfile SMALL = new DeviceProfile("small", 9, "PPU-SMALL", "for this test", 0x6001, 1L << 30, 2, 4, 1, 0, 3,
            5, 4, 10, 100, 100, DeviceProfile.Equipment.NONE);

    @Test
    void theIdentityOfAnEightTen() {
        try (Bench bench = Bench.simulated(1)) {
            IdRegs id = bench.regs.id();
            assertThat(id.readMagic()).isEqualTo(0x5550_504f);
            assertThat(id.readAbiVersion()).isEqualTo(0x0001_0001);
            assertThat(id.readCapabilities()).isEqualTo(0x7bf);
            assertThat(id.readCounts()).isEqualTo(65 << 16 | 7 << 12 | 2 << 8 | 64);
            assertThat(id.readComputeCounts()).isEqualTo(16 << 16 | 64);
            assertThat(id.readMmuCounts()).isEqualTo(48 << 16 | 256);
            assertThat(id.readSerial()).isEqualTo(0x1234_5678_9abcL);
            assertThat(id.readProduct(0)).isEqualTo('P' | 'P' << 8 | 'U' << 16 | '-' << 24);
            assertThat(id.readProduct(7)).isZero();
            FunctionIdentity identity = bench.ppu.identity();
            assertThat(identity.bars()).containsExactly(new BarLayout(0, 1 << 20, 1 << 20, false, false),
                    new BarLayout(2, 256L << 20, 128L << 30, true, true), new BarLayout(4, 1 << 20, 1 << 20, true, false));
            assertThat(identity.msix()).isEqualTo(new FunctionIdentity.Msix(65, 4, 0x8_0000, 4, 0x9_0000));
            assertThat(identity.vendorCapability()).containsExactly(0x5550_504f, 0x0001_0001, PpuIds.PROFILE_ZW810E);
        }
    }

    @Test
    void whatAProfileLacksReadsAsAbsent() {
        try (Bench bench = new Bench(new SimulatedWorld(1), SMALL)) {
            bench.booted();
            assertThat(bench.regs.memory().readSize()).isEqualTo(1L << 30);
            bench.regs.queue(2).writeBase(0x1000);
            bench.regs.queue(3).writeBase(0x1000);
            assertThat(bench.regs.queue(2).readBase()).isEqualTo(0x1000);
            assertThat(bench.regs.queue(3).readBase()).isZero();
            bench.regs.queue(3).writeControl(QueueRegs.Control.withEnable(0, true));
            assertThat(bench.regs.queue(3).readStatus()).isZero();
            bench.regs.context(5).writeRoot(-1);
            assertThat(bench.regs.context(5).readRoot()).isZero();
            assertThat(bench.regs.engine(1).readStatus()).isEqualTo(2);
            assertThat(bench.regs.engine(2).readStatus()).isZero();
            bench.sleep(10_000_000);
            assertThat(bench.regs.errorLog().readTotal()).as("absent is not an error").isZero();
        }
    }

    @Test
    void theMsixTableTakesFourAndEightBytesAndTheVectorsBeginMasked() {
        try (Bench bench = Bench.simulated(1)) {
            assertThat(bench.bar4.read32(0x8_000c)).isEqualTo(1);
            bench.bar4.write64(0x8_0010, 0x1122_3344_5566_7788L);
            bench.bar4.write64(0x8_0018, 0x0000_0000_0000_0042L);
            assertThat(bench.bar4.read32(0x8_0010)).isEqualTo(0x5566_7788);
            assertThat(bench.bar4.read64(0x8_0018)).isEqualTo(0x42);
            assertThat(bench.ppu.msix().address(1)).isEqualTo(0x1122_3344_5566_7788L);
            assertThat(bench.ppu.msix().data(1)).isEqualTo(0x42);
            assertThat(bench.ppu.msix().masked(1)).isFalse();
            bench.ppu.msix().setPending(64, true);
            bench.ppu.msix().setPending(33, true);
            assertThat(bench.bar4.read64(0x9_0000)).isEqualTo(1L << 33);
            assertThat(bench.bar4.read32(0x9_0004)).isEqualTo(2);
            assertThat(bench.bar4.read32(0x9_0008)).isEqualTo(1);
            assertThat(bench.regs.errorLog().readTotal()).isZero();
        }
    }
}
