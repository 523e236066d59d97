package dev.openppu.model.rdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.BarSizing;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Expansion;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any .rdl file as a PCIe function. */
class RdlLinkTest {

    private static final String CHIP = """
            addrmap chip {
                signal { field_reset; } rst; signal {} cold;
                reg { field {} a[7:0] = 0x12; field { resetsignal = cold; } kept[15:8] = 0x34; field { sw = r; hw = w; } s[31:16] = 5; } x @0;
                reg { field { hw = w; woclr; intr; } i[0:0] = 0; } raw[3] @0x10;
                reg { field { sw = r; hw = w; nonsticky intr; } sum[0:0] = 0; } top @0x20;
                top.sum->next = raw[2]->intr;
                reg { regwidth = 64; field {} v[63:0] = 0; } wide @0x28;
                external mem { mementries = WORDS; memwidth = 64; } ram @0x40000;
            };
            """;

    @TempDir
    Path folder;

    private String uri(String text, String query) throws IOException {
        Path file = Files.writeString(folder.resolve("chip.rdl"), text);
        return "rdl:" + file + query;
    }

    private RdlDevice device(String clock) throws IOException {
        return RdlDevice.open(LinkUri.parse(uri(CHIP.replace("WORDS", "0x300000000"), "?id=1af4:10f0&clock=" + clock)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"free", "sim"})
    void registersBehaveBehindTheLink(String clock) throws IOException {
        try (RdlDevice device = device(clock)) {
            Mmio registers = device.registers();
            assertThat(registers.read32(0)).isEqualTo(0x0005_3412);
            registers.write32(0, 0xffff_5678);
            assertThat(registers.read32(0)).as("a read pushes the write before it").isEqualTo(0x0005_5678);
            registers.write64(0x28, -2L);
            registers.write64(0x40000 + 0x300000000L * 8 - 8, 42);
            assertThat(registers.read64(0x28)).isEqualTo(-2L);
            assertThat(registers.read64(0x40000 + 0x300000000L * 8 - 8)).isEqualTo(42);
            device.hardware(live -> {
                live.paths().drive("chip.x.s", BigInteger.valueOf(7));
                return 0;
            });
            assertThat(registers.read32(0)).isEqualTo(0x0007_5678);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"free", "sim"})
    void whatNoRegisterTakesReadsAllOnesAndChangesNothing(String clock) throws IOException {
        try (RdlDevice device = device(clock)) {
            Mmio registers = device.registers();
            assertThat(registers.read32(0x100)).isEqualTo(-1);
            assertThat(registers.read64(0)).as("wider than the register").isEqualTo(-1);
            assertThat(registers.read16(0)).as("narrower than its access width").isEqualTo((short) -1);
            registers.write16(0, (short) 0);
            registers.write32(0x100, 0);
            assertThat(registers.read32(0)).isEqualTo(0x0005_3412);
        }
    }

    @Test
    void configSpaceShowsTheFunction() throws IOException {
        try (RdlDevice device = device("sim")) {
            DeviceLink link = device.link();
            assertThat(link.config().read32(Header.VENDOR_ID)).isEqualTo(0x10f0_1af4);
            assertThat(link.bars()).extracting(DeviceLink.Bar::index).containsExactly(0, 5);
            assertThat(link.bars().getFirst().size()).as("the next power of two").isEqualTo(1L << 37);
            assertThat(Capabilities.walk(link.config())).extracting(Capability::id).contains(PciRegister.Msix.ID, PciRegister.Express.ID,
                    PciRegister.PowerManagement.ID);
            int before = link.config().read32(Header.BAR0);
            assertThat(BarSizing.probe(link.config())).isEqualTo(link.bars());
            assertThat(link.config().read32(Header.BAR0)).isEqualTo(before);
            device.registers();
            link.config().write16(Header.COMMAND, 0);
            assertThatThrownBy(() -> link.bar(0)).isInstanceOf(LinkException.class).hasMessageContaining("memory decoding is off");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"free", "sim"})
    void interruptOutputsThatNothingElseTakesAreVectors(String clock) throws IOException {
        try (RdlDevice device = device(clock)) {
            Mmio registers = device.registers();
            assertThat(device.vectors()).as("top takes raw[2]").containsExactly("chip.raw[0]", "chip.raw[1]", "chip.top");
            var interrupts = device.link().interrupts();
            LinkRuntime runtime = device.link().runtime();
            interrupts.enable(3);
            drive(device, 0x18, 1);
            assertThat(runtime.await(() -> interrupts.delivered(2) == 1, runtime.deadline(5_000_000_000L))).isTrue();
            drive(device, 0x14, 1);
            assertThat(runtime.await(() -> interrupts.delivered(1) == 1, runtime.deadline(5_000_000_000L))).isTrue();
            registers.write32(0x18, 1);
            assertThat(registers.read32(0x20)).isZero();
            interrupts.mask(2);
            drive(device, 0x18, 0);
            drive(device, 0x18, 1);
            assertThat(interrupts.pending(2)).isTrue();
            interrupts.unmask(2);
            assertThat(runtime.await(() -> interrupts.delivered(2) == 2, runtime.deadline(5_000_000_000L))).isTrue();
            assertThat(interrupts.delivered(0)).isZero();
        }
    }

    private static void drive(RdlDevice device, long address, long value) {
        device.hardware(live -> {
            live.drive(address, 4, value);
            return 0;
        });
    }

    @Test
    void aFunctionLevelResetIsTheMapsDefaultReset() throws IOException {
        try (RdlDevice device = device("sim")) {
            Mmio registers = device.registers();
            DeviceLink link = device.link();
            int[] bars = {link.config().read32(Header.bar(0)), link.config().read32(Header.bar(1))};
            registers.write32(0, 0xffff);
            registers.write64(0x40000, 7);
            assertThat(registers.read32(0)).isEqualTo(0x0005_ffff);
            link.reset(ResetKind.FUNCTION_LEVEL);
            assertThat(registers.read32(0)).as("not ready").isEqualTo(-1);
            link.runtime().sleep(1_000_000_000L);
            link.config().write32(Header.bar(0), bars[0]);
            link.config().write32(Header.bar(1), bars[1]);
            link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
            assertThat(registers.read32(0)).as("a field with its own reset signal survives").isEqualTo(0x0005_ff12);
            assertThat(registers.read64(0x40000)).isEqualTo(7);
        }
    }

    /** Our own map, every register: reset values, and what can be written and read back. */
    @Test
    void everyRegisterOfARealMapAnswersAsDescribed() throws IOException {
        Path map = Path.of("..", "hal", "abi", "src", "main", "rdl", "ppu.rdl");
        try (RdlDevice device = RdlDevice.open(LinkUri.parse("rdl:" + map + "?top=ppu_bar0&clock=sim"))) {
            Mmio registers = device.registers();
            AddressMap bar0 = (AddressMap) device.locator().root().node();
            Expansion.registers(bar0).forEach(each -> {
                Register register = each.register();
                long readable = mask(register, field -> field.sw().canRead());
                assertThat(read(registers, each.address(), register)).as(each.path())
                        .isEqualTo(register.reset().longValue() & readable);
            });
            Expansion.registers(bar0).filter(each -> each.register().fields().stream().allMatch(RdlLinkTest::isPlain)).forEach(each -> {
                write(registers, each.address(), each.register(), -1L);
                assertThat(read(registers, each.address(), each.register())).as(each.path())
                        .isEqualTo(mask(each.register(), field -> true));
            });
        }
    }

    private static boolean isPlain(Field field) {
        return field.sw().equals(dev.openppu.rdl.model.Access.RW) && field.onWrite().name().equals("NONE") && !field.isSinglePulse()
                && !field.properties().has("swwe") && !field.properties().has("swwel");
    }

    private interface Choice {
        boolean of(Field field);
    }

    private static long mask(Register register, Choice choice) {
        return register.fields().stream().filter(choice::of).map(Field::mask).reduce(BigInteger.ZERO, BigInteger::or).longValue();
    }

    private static long read(Mmio registers, long address, Register register) {
        return register.width() == 64 ? registers.read64(address) : registers.read32(address) & 0xffff_ffffL;
    }

    private static void write(Mmio registers, long address, Register register, long value) {
        if (register.width() == 64) {
            registers.write64(address, value);
        } else {
            registers.write32(address, (int) value);
        }
    }

    @ParameterizedTest
    @CsvSource({"?bar=6, no BAR 6", "?id=12345:1, not VENDOR:DEVICE", "?clock=slow, no clock", "?colour=red, knows no option 'colour'",
        "?top=nothing, nothing", "'', syntax", "?param=N, gives no value"})
    void whatIsWrongWithAUriIsSaid(String query, String message) throws IOException {
        String text = query == null || query.isEmpty() ? "addrmap chip { reg { field {} x } y; };" : CHIP.replace("WORDS", "16");
        String uri = uri(text, query == null ? "" : query);
        assertThatThrownBy(() -> Links.open(uri)).isInstanceOf(LinkException.class)
                .hasMessageContaining("syntax".equals(message) ? "chip.rdl:1:" : message);
    }

    @Test
    void optionsReachTheCompiler() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("inc")).resolve("width.rdl"), "`define WIDTH 8\n");
        String text = "`include \"width.rdl\"\naddrmap one #(longint unsigned N = 1) { reg { field {} x[`WIDTH - 1:0] = VALUE; } r0[N]; };";
        Files.writeString(folder.resolve("chip.rdl"), text.replace("VALUE", "`VALUE"));
        String uri = "rdl:" + folder.resolve("chip.rdl") + "?include=" + folder.resolve("inc") + "&define=VALUE=5,OTHER&param=N=3&bar=2";
        try (DeviceLink link = Links.open(uri)) {
            link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
            assertThat(link.bar(2).read32(8)).isEqualTo(5);
            assertThat(link.bar(2).read32(12)).isEqualTo(-1);
        }
    }

    @Test
    void aFileThatIsNotThereAndOneWithSeveralMapsAreToldApart() throws IOException {
        assertThatThrownBy(() -> Links.open("rdl:" + folder.resolve("none.rdl"))).isInstanceOf(LinkException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> Links.open("rdl:")).hasMessageContaining("is no path");
        String two = uri("addrmap a { reg { field {} x[0:0]; } y; }; addrmap b { reg { field {} x[0:0]; } y; };", "");
        assertThatThrownBy(() -> Links.open(two)).hasMessageContaining("choose by top=: a, b");
    }
}
