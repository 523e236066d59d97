package dev.openppu.model.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.Links;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ModelLinkTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"model:zw810e?clock=sim&seed=7", "model:zw810e", "model:hanguang800?clock=sim"})
    void aFreshLinkIsEnumeratedAndItsRomComesUp(String uri) {
        try (DeviceLink link = Links.open(uri)) {
            assertThat(link.config().read32(Header.VENDOR_ID)).isEqualTo(0x6001_1ded);
            assertThat(link.bars()).extracting(DeviceLink.Bar::index).containsExactly(0, 2, 4);
            assertThatThrownBy(() -> link.bar(0)).isInstanceOf(LinkException.class).hasMessageContaining("Memory Space Enable");
            link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
            PpuBar0Regs registers = new PpuBar0Regs(link.bar(0));
            assertThat(registers.id().readMagic()).isEqualTo(0x5550504F);
            awaitRom(link, registers);
        }
    }

    private static void awaitRom(DeviceLink link, PpuBar0Regs registers) {
        long deadline = link.runtime().deadline(2_000_000_000L);
        while (BootState.of(BootRegs.Status.state(registers.boot().readStatus())) != BootState.ROM_READY) {
            assertThat(link.runtime().nanos()).isLessThan(deadline);
            link.runtime().sleep(100_000);
        }
    }

    @Test
    void theSameSeedGivesTheSameTraceAndAnotherSeedAnother() throws IOException {
        Set<String> traces = new HashSet<>();
        for (int seed = 1; seed <= 10; seed++) {
            String first = traceOfPowerOn(seed);
            assertThat(first).isNotEmpty().contains("mmio-read bar0+0x100 boot.status");
            assertThat(traceOfPowerOn(seed)).isEqualTo(first);
            traces.add(first);
        }
        assertThat(traces).hasSize(10);
    }

    @Test
    void theFileOfTheTraceIsNoPartOfTheDevicesName() {
        try (DeviceLink link = Links.open("model:zw810e?clock=sim&trace=" + folder.resolve("t") + "&seed=3")) {
            assertThat(link.identity().uri()).isEqualTo("model:zw810e?clock=sim&seed=3");
        }
    }

    private String traceOfPowerOn(int seed) throws IOException {
        Path file = folder.resolve("trace");
        try (DeviceLink link = Links.open("model:zw810e?clock=sim&seed=" + seed + "&trace=" + file)) {
            link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE | Command.BUS_MASTER_ENABLE);
            awaitRom(link, new PpuBar0Regs(link.bar(0)));
        }
        return Files.readString(file);
    }
}
