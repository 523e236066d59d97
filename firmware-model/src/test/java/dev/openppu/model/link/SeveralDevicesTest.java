package dev.openppu.model.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SeveralDevicesTest {
    @Test
    void devicesOfOneProcessShareNothing() {
        List<DeviceLink> links = new ArrayList<>();
        try {
            for (String uri : List.of("model:zw810e?clock=sim&seed=1", "model:zw810e?clock=sim&seed=2", "model:zw810e",
                    "model:hanguang800")) {
                links.add(Links.open(uri));
            }
            List<Long> serials = new ArrayList<>();
            for (int i = 0; i < links.size(); i++) {
                links.get(i).config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
                PpuBar0Regs registers = new PpuBar0Regs(links.get(i).bar(0));
                registers.fw().writeScratch(0, 100 + i);
                serials.add(registers.id().readSerial());
            }
            assertThat(serials).doesNotHaveDuplicates();
            for (int i = 0; i < links.size(); i++) {
                assertThat(new PpuBar0Regs(links.get(i).bar(0)).fw().readScratch(0)).isEqualTo(100 + i);
            }
            links.removeFirst().close();
            try (DmaMapping memory = links.getFirst().dma().allocate(4096, DmaAccess.BOTH)) {
                assertThat(memory.memory().byteSize()).isEqualTo(4096);
            }
            assertThat(new PpuBar0Regs(links.getFirst().bar(0)).fw().readScratch(0)).as("another's end does not matter").isEqualTo(101);
        } finally {
            links.forEach(DeviceLink::close);
        }
    }

    @Test
    void aSerialCanBeChosen() {
        try (DeviceLink link = Links.open("model:zw810e?clock=sim&serial=0x1234")) {
            link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
            assertThat(new PpuBar0Regs(link.bar(0)).id().readSerial()).isEqualTo(0x1234);
        }
    }
}
