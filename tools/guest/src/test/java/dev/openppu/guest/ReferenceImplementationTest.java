package dev.openppu.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.owner.BringUp;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.DeviceLink.Bar;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.vfiouser.VfioUserLinkProvider;
import dev.openppu.hal.vfiouser.server.ServerEvent;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** libvfio-user's client against our server, servers on libvfio-user against our client: {@code mvn -Pguest verify}. */
@Tag("guest")
@Timeout(300)
class ReferenceImplementationTest {
    private static final int PAGE = 4096;
    /** Registers of reference_server.c. */
    private static final int ADDRESS = 0x08;
    private static final int LENGTH = 0x10;
    private static final int PATTERN = 0x14;
    private static final int COMMAND = 0x18;
    private static final int RESULT = 0x1c;
    private static final int TRIGGER = 0x20;
    private static final int RANGES = 0x24;
    private static final int RESETS = 0x28;

    private static Reference reference;

    @TempDir
    private Path folder;

    @BeforeAll
    static void fetch() {
        reference = Reference.fetched();
    }

    /** Its client: messages of at most 1 KiB, no room for descriptors that it did not ask for, the first question a wrong one. */
    @Test
    void itsClientBootsTheServedDevice() throws Exception {
        long boot = PpuBar0Regs.BOOT_OFFSET;
        Path client = reference.client(folder, "reference_client", Map.ofEntries(Map.entry("BOOT_STATUS", boot + BootRegs.STATUS_OFFSET),
                Map.entry("BOOT_COMMAND", boot + BootRegs.COMMAND_OFFSET),
                Map.entry("BOOT_IMAGE_ADDRESS", boot + BootRegs.IMAGE_ADDRESS_OFFSET),
                Map.entry("BOOT_IMAGE_SIZE", boot + BootRegs.IMAGE_SIZE_OFFSET),
                Map.entry("INTERRUPTS_ENABLE", PpuBar0Regs.INTERRUPTS_OFFSET + InterruptsRegs.ENABLE_OFFSET),
                Map.entry("BOOT_CAUSE", (long) InterruptsRegs.Enable.BOOT_MASK),
                Map.entry("START_FROM_HOST", (long) BootRegs.Command.withSource(BootRegs.Command.withStart(0, true), ImageSource.HOST_DMA)),
                Map.entry("STATE_MASK", (long) BootRegs.Status.STATE_MASK), Map.entry("ROM_READY", (long) BootState.ROM_READY.value()),
                Map.entry("RUNNING", (long) BootState.RUNNING.value()),
                Map.entry("ID_MAGIC", PpuBar0Regs.ID_OFFSET + IdRegs.MAGIC_OFFSET)));
        byte[] image = BringUp.shippedFirmware();
        Path file = Files.write(folder.resolve("firmware.img"), image);
        try (ServedDevice served = new ServedDevice()) {
            Command.Outcome outcome = Command.of(Duration.ofMinutes(2), client.toString(), served.socket().toString(), file.toString())
                    .run();
            assertThat(outcome.status()).as(outcome.text()).isZero();
            assertThat(outcome.text().lines().filter(line -> !line.contains("get_"))).contains(
                    "device 0x3, 9 regions, 5 kinds of interrupts",
                    "ids 60011ded", "magic %08x".formatted(PpuIds.MAGIC),
                    "firmware of %d bytes runs, asked for in as few as possible messages of at most 1024 bytes".formatted(image.length),
                    "firmware runs from shared memory, asked for in 0 messages",
                    "firmware from what was unmapped: state %d, error %d, asked for in 0 messages"
                            .formatted(BootState.ROM_READY.value(), BootError.DMA_FAULT.value()),
                    "done");
            assertThat(served.events()).noneMatch(event -> event instanceof ServerEvent.Left left && left.violation());
        }
    }

    /** Its server library does DMA by messages while our client waits for the reply to the write that asked for it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "?dma=messages", "?bars=messages"})
    void ourClientDrivesADeviceOnItsServerLibrary(String options) throws Exception {
        Process server = serve(reference.server(folder, "reference_server"));
        try (DeviceLink link = open(options)) {
            assertThat(link.bars()).extracting(Bar::index).containsExactly(0, 2);
            assertThat(link.interrupts().vectors()).isEqualTo(4);
            link.config().write16(Header.COMMAND, PciRegister.Command.MEMORY_SPACE_ENABLE | PciRegister.Command.BUS_MASTER_ENABLE);
            Mmio registers = link.bar(0);
            assertThat(registers.read32(0)).isEqualTo(0x0810cafe);
            int ranges = registers.read32(RANGES);
            try (DmaMapping memory = link.dma().allocate(16 * PAGE, DmaAccess.BOTH)) {
                assertThat(registers.read32(RANGES)).isEqualTo(ranges + 1);
                for (int bytes : new int[]{1, 63, PAGE, 16 * PAGE}) {
                    fillAndSum(registers, memory, bytes, 1, 2);
                    if (!options.contains("dma=messages")) {
                        fillAndSum(registers, memory, bytes, 3, 4);
                    }
                }
            }
            assertThat(registers.read32(RANGES)).as("what was unmapped is not used any more").isEqualTo(ranges);
            interrupts(link, registers);
            window(link.bar(2));
            link.reset(ResetKind.FUNCTION_LEVEL);
            link.config().write16(Header.COMMAND, PciRegister.Command.MEMORY_SPACE_ENABLE);
            assertThat(link.bar(0).read32(RESETS)).isOne();
        }
        assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("log"))).endsWith("0 ranges, 1 resets\n");
    }

    private static void fillAndSum(Mmio registers, DmaMapping memory, int bytes, int fill, int sum) {
        MemorySegment segment = memory.memory();
        segment.fill((byte) 0);
        registers.write64(ADDRESS, memory.iova());
        registers.write32(LENGTH, bytes);
        registers.write32(PATTERN, 0xa0 + fill);
        registers.write32(COMMAND, fill);
        registers.read32(RESULT);
        assertThat(segment.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE)).containsOnly((byte) (0xa0 + fill));
        assertThat(segment.asSlice(bytes).toArray(ValueLayout.JAVA_BYTE)).as("behind it").doesNotContain((byte) (0xa0 + fill));
        int expected = 0;
        for (int i = 0; i < bytes; i++) {
            byte value = (byte) (i * 7 + fill);
            segment.set(ValueLayout.JAVA_BYTE, i, value);
            expected = expected * 31 + Byte.toUnsignedInt(value);
        }
        registers.write32(COMMAND, sum);
        assertThat(registers.read32(RESULT)).isEqualTo(expected);
    }

    private static void interrupts(DeviceLink link, Mmio registers) {
        link.interrupts().enable(4);
        for (int vector = 0; vector < 4; vector++) {
            int own = vector;
            registers.write32(TRIGGER, vector);
            assertThat(link.runtime().await(() -> link.interrupts().delivered(own) == 1, link.runtime().deadline(10_000_000_000L)))
                    .isTrue();
        }
        link.interrupts().disable();
    }

    /** Two pages of it are mapped, the one between them is reached by messages. */
    private static void window(Mmio memory) {
        for (int at : new int[]{0, PAGE - 4, PAGE, 2 * PAGE - 4, 2 * PAGE, 3 * PAGE - 4}) {
            memory.write32(at, 0x1234_0000 + at);
        }
        for (int at : new int[]{0, PAGE - 4, PAGE, 2 * PAGE - 4, 2 * PAGE, 3 * PAGE - 4}) {
            assertThat(memory.read32(at)).isEqualTo(0x1234_0000 + at);
        }
    }

    /** Its samples, as they are: ports of odd sizes, interrupts that are no messages. */
    @Test
    void ourClientOpensItsSamples() throws Exception {
        Process server = serve(reference.sample(folder, "server"));
        try (DeviceLink link = open("")) {
            assertThat(link.config().read32(Header.VENDOR_ID)).isEqualTo(0xbeefdead);
            assertThat(link.bars()).containsExactly(new Bar(0, 8, false, false, true), new Bar(1, 3 * PAGE, false, false, true));
            assertThat(link.interrupts().vectors()).isZero();
            link.config().write16(Header.COMMAND, PciRegister.Command.IO_SPACE_ENABLE | PciRegister.Command.BUS_MASTER_ENABLE);
            assertThat(link.bar(0).read64(0)).as("seconds since nothing").isGreaterThan(1_500_000_000);
            assertThatThrownBy(() -> link.bar(0).read32(0)).isInstanceOf(LinkException.class).hasMessageContaining("22");
            link.bar(1).write32(0, 7);
            assertThat(link.bar(1).read32(0)).as("it reads there wherever it is asked to").isEqualTo(7);
            try (DmaMapping memory = link.dma().allocate(2 * PAGE, DmaAccess.BOTH)) {
                assertThat(memory.iova()).isPositive();
            }
            link.reset(ResetKind.FUNCTION_LEVEL);
        }
        assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
        Process ports = serve(reference.sample(folder, "gpio-pci-idio-16"));
        try (DeviceLink link = open("")) {
            assertThat(link.bars()).containsExactly(new Bar(2, 0x100, false, false, true));
            link.config().write16(Header.COMMAND, PciRegister.Command.IO_SPACE_ENABLE);
            for (int i = 0; i < 6; i++) {
                assertThat(link.bar(2).read8(0)).isEqualTo((byte) (i / 3));
            }
        }
        ports.destroy();
        assertThat(ports.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private DeviceLink open(String options) {
        return new VfioUserLinkProvider().open(LinkUri.parse("vfio-user:" + folder.resolve("socket") + options));
    }

    private Process serve(Path program) throws IOException, InterruptedException {
        Files.deleteIfExists(folder.resolve("socket"));
        return Reference.serve(program, folder.resolve("socket"), folder.resolve("log"));
    }
}
