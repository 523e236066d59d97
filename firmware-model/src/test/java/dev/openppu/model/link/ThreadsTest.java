package dev.openppu.model.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.Links;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.mmio.Mmio;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadsTest {
    @ParameterizedTest
    @ValueSource(strings = {"model:zw810e?clock=sim", "model:zw810e?clock=free"})
    void openingAndClosingLeavesNoThread(String uri) {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (int i = 0; i < 5; i++) {
            DeviceLink link = Links.open(uri);
            link.runtime().start("test-worker", () -> link.runtime().await(() -> false, Long.MAX_VALUE));
            link.runtime().sleep(1_000_000);
            link.close();
            link.close();
        }
        Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
        after.removeAll(before);
        after.removeIf(t -> !t.getName().startsWith("ppu") && !t.getName().startsWith("test-worker"));
        assertThat(after).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model:zw810e?clock=sim", "model:zw810e?clock=free"})
    void afterCloseEveryCallSaysSo(String uri) {
        DeviceLink link = Links.open(uri);
        link.config().write16(4, 6);
        Mmio bar = link.bar(0);
        DmaMapping mapping = link.dma().allocate(4096, DmaAccess.BOTH);
        link.close();
        assertThatThrownBy(() -> link.config().read32(0)).isInstanceOf(LinkException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> bar.read32(0)).isInstanceOf(LinkException.class);
        assertThatThrownBy(() -> bar.write32(0, 1)).isInstanceOf(LinkException.class);
        assertThatThrownBy(() -> link.dma().allocate(4096, DmaAccess.BOTH)).isInstanceOf(LinkException.class);
        assertThatThrownBy(() -> link.interrupts().enable(1)).isInstanceOf(LinkException.class);
        assertThatThrownBy(link::bars).isInstanceOf(LinkException.class);
        assertThatThrownBy(() -> link.runtime().start("w", () -> {})).isInstanceOf(LinkException.class);
        mapping.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model:nothing", "model:", "model:zw810e?sede=7", "model:zw810e?clock=wall", "model:zw810e?timescale=0",
        "model:zw810e?timescale=x",
        "model:zw810e?seed=x", "model:zw810e?trace=/no/such/folder/t"})
    void whatCannotBeOpenedIsRefusedWithAReasonAndNoThreadIsLeft(String uri) {
        assertThatThrownBy(() -> Links.open(uri)).isInstanceOf(LinkException.class).hasMessageMatching("(?s)link '.*");
    }
}
