package dev.openppu.hal.vfio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkInfo;
import dev.openppu.hal.LinkUri;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is listed and refused, over trees of machines that are not there. */
class VfioLinkProviderTest {
    private static final String CARD = "0000:01:00.0";

    @TempDir
    Path folder;
    private FakeSysfs fake;
    private VfioLinkProvider provider;

    @BeforeEach
    void plugIn() throws IOException {
        fake = new FakeSysfs(folder);
        fake.function(CARD, 0x1ded, 0x6001, 0x030200);
        fake.function("0000:00:00.0", 0x8086, 0x29c0, 0x060000);
        fake.function("0000:02:00.0", 0x144d, 0xa808, 0x010802);
        provider = new VfioLinkProvider(fake.sysfs, fake.dev);
    }

    private LinkInfo listed() {
        List<LinkInfo> all = provider.list();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private void assertRefused(String why) {
        assertThat(listed().openable()).isFalse();
        assertThat(listed().remark()).contains(why);
        assertThatThrownBy(() -> provider.open(LinkUri.parse("vfio:" + CARD))).isInstanceOf(LinkException.class)
                .hasMessageContaining("vfio:" + CARD).hasMessageContaining(why);
    }

    @Test
    void nothingIsListedWhereTheSystemShowsNoBus() {
        assertThat(new VfioLinkProvider(folder.resolve("none"), fake.dev).list()).isEmpty();
    }

    @Test
    void acceleratorsAreListedAndTheirNeighboursOnTheBusAreNot() {
        assertThat(listed().uri()).isEqualTo("vfio:" + CARD);
        assertThat(listed().description()).isEqualTo("PCI function 1ded:6001, class 030200");
    }

    @Test
    void anythingThatVfioHasIsListed() throws IOException {
        fake.driver("0000:02:00.0", "vfio-pci");
        assertThat(provider.list()).extracting(LinkInfo::address).containsExactly(CARD, "0000:02:00.0");
    }

    @Test
    void withoutAnIommuTheKernelsOptionIsNamed() {
        assertRefused("intel_iommu=on");
    }

    @Test
    void withoutADriverTheCommandThatBindsIsNamed() throws IOException {
        fake.group(CARD, 7);
        assertRefused("it has no driver: modprobe vfio-pci && echo vfio-pci > /sys/bus/pci/devices/0000:01:00.0/driver_override"
                + " && echo 0000:01:00.0 > /sys/bus/pci/drivers_probe");
    }

    @Test
    void aDeviceOfAnotherDriverIsLeftAlone() throws IOException {
        fake.group(CARD, 7);
        fake.driver(CARD, "nvidia");
        fake.groupFile(7);
        assertRefused("driver nvidia has it: modprobe vfio-pci && ");
        assertRefused("echo 0000:01:00.0 > /sys/bus/pci/devices/0000:01:00.0/driver/unbind");
    }

    @Test
    void anotherDriversDeviceInTheGroupIsNamed() throws IOException {
        fake.group(CARD, 7);
        fake.driver(CARD, "vfio-pci");
        fake.function("0000:01:00.1", 0x1ded, 0x6002, 0x040300);
        fake.group("0000:01:00.1", 7);
        fake.driver("0000:01:00.1", "snd_hda_intel");
        fake.groupFile(7);
        assertRefused("its IOMMU group 7 is shared with 0000:01:00.1 (snd_hda_intel)");
    }

    @Test
    void aBridgeInTheGroupIsNoObstacle() throws IOException {
        fake.group(CARD, 7);
        fake.driver(CARD, "vfio-pci");
        fake.function("0000:00:01.0", 0x8086, 0x1901, 0x060400);
        fake.group("0000:00:01.0", 7);
        fake.driver("0000:00:01.0", "pcieport");
        fake.groupFile(7);
        assertThat(listed().openable()).isTrue();
        assertThat(listed().remark()).isEmpty();
    }

    @Test
    void aGroupWithoutItsFileNamesTheModule() throws IOException {
        fake.group(CARD, 7);
        fake.driver(CARD, "vfio-pci");
        assertRefused("modprobe vfio-pci");
    }

    @Test
    void anAbsentFunctionIsNamed() {
        assertThatThrownBy(() -> provider.open(LinkUri.parse("vfio:0000:44:00.0"))).hasMessageContaining("there is no such function");
    }

    @Test
    void theKernelsRefusalNamesTheCallAndTheError() throws IOException {
        fake.group(CARD, 7);
        fake.driver(CARD, "vfio-pci");
        fake.groupFile(7);
        assertThatThrownBy(() -> provider.open(LinkUri.parse("vfio:01:00.0"))).isInstanceOf(LinkException.class)
                .hasMessageContaining("open(").hasMessageContaining("vfio/vfio");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vfio:", "vfio:1ded:6001", "vfio:../../etc", "vfio:0000:01:00.9", "vfio:0000:01:00.0/x"})
    void whatIsNoAddressIsRefused(String uri) {
        assertThatThrownBy(() -> provider.open(LinkUri.parse(uri))).isInstanceOf(LinkException.class).hasMessageContaining("DDDD:BB:DD.F");
    }

    @Test
    void unknownOptionsAreRefused() {
        assertThatThrownBy(() -> provider.open(LinkUri.parse("vfio:" + CARD + "?seed=1"))).hasMessageContaining("iommu");
    }
}
