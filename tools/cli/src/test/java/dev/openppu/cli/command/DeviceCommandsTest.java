package dev.openppu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.PpuIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Commands that open a device, on the model. */
class DeviceCommandsTest {
    private static final Path EXAMPLES = Path.of("../../examples").toAbsolutePath().normalize();
    private static final String UART = "rdl:" + EXAMPLES.resolve("uart.rdl") + "?clock=sim";

    @Test
    void listsTheModelsProfiles() {
        assertThat(Shell.run("list").out()).contains("model:zw810e").contains("openable").contains("clock=free|sim");
        JsonNode document = Shell.json(Shell.run("list", "--json").out());
        assertThat(document.get("links").get(0).get("scheme").asString()).isEqualTo("model");
        assertThat(document.get("devices").get(0).get("openable").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model:zw810e", "model:zw810e?clock=sim&seed=7"})
    void tellsWhatADeviceIs(String device) {
        JsonNode document = Shell.json(Shell.run("info", "--json", "--device", device).out());
        assertThat(document.get("product").asString()).isEqualTo("PPU-ZW810E");
        assertThat(document.get("memoryBytes").asLong()).isEqualTo(96L << 30);
        assertThat(document.get("computeUnits").asInt()).isEqualTo(64);
        assertThat(document.get("pci").get("id").asString()).isEqualTo("%04x:%04x".formatted(PpuIds.VENDOR, PpuIds.DEVICE));
        assertThat(document.get("pci").get("bars")).hasSize(3);
        assertThat(Shell.run("info", "--device", device).out()).contains("96 GiB").contains("MSI-X").contains("firmware");
    }

    @Test
    void showsWhatThereIsToWatch() {
        JsonNode document = Shell.json(Shell.run("metrics", "--json", "--seed", "1").out());
        assertThat(document.get("metrics").findValuesAsString("name")).contains("packets_total", "memory_size_bytes", "interrupts_total");
        assertThat(document.get("metrics").valueStream().filter(m -> m.get("name").asString().equals("memory_size_bytes")).findFirst()
                .orElseThrow().get("value").asDouble()).isEqualTo(96.0 * (1L << 30));
        assertThat(Shell.run("metrics", "--seed", "1").out()).contains("103079215104").contains("copies_total (engine=1)");
    }

    @Test
    void readsRegistersBeforeAndAfterBoot() {
        assertThat(Shell.run("reg", "read", "id.magic").out()).contains("0x5550504f");
        assertThat(Shell.run("reg", "read", "boot.status.state", "--boot", "--seed", "1").out()).isEqualTo("boot.status.state = RUNNING\n");
        assertThat(Shell.run("reg", "read", "boot.status", "--seed", "1").out()).doesNotContain("RUNNING");
    }

    @Test
    void writesRegistersAndShowsWhatTheyHold() {
        Shell shell = Shell.run("reg", "write", "fw.scratch[2]=0x1234", "queue[3].control.log2_packets=7", "queue[3].control.priority=1",
                "--json", "--seed", "1");
        assertThat(shell.status()).isZero();
        JsonNode registers = Shell.json(shell.out()).get("registers");
        assertThat(registers.get(0).get("value").asString()).isEqualTo("0x00001234");
        assertThat(registers.get(2).get("value").asString()).isEqualTo("0x00000710");
    }

    @Test
    void dumpsABlock() {
        Shell shell = Shell.run("reg", "dump", "boot", "--seed", "1");
        assertThat(shell.out()).contains("boot.status").contains("boot.keys").contains("development=1").doesNotContain("queue");
    }

    @Test
    void aDumpOfEverythingHidesArraysAtReset() {
        String all = Shell.run("reg", "dump", "--seed", "1").out();
        assertThat(all).contains("id.magic").contains("elements of queue are as a reset leaves them").contains("memory.ecc_counters")
                .contains("reading changes it")
                .doesNotContain("queue[5].control ");
        assertThat(Shell.json(Shell.run("reg", "dump", "--json", "--seed", "1").out()).get("registers").size()).isGreaterThan(1000);
    }

    @Test
    void bringsTheDeviceUpAndTestsIt(@TempDir Path folder) throws IOException {
        Path report = folder.resolve("out");
        Path trace = folder.resolve("trace.txt");
        Shell shell = Shell.run("bringup", "--seed", "7", "--report", report.toString(), "--trace", trace.toString());
        assertThat(shell.out()).contains("firmware verification").contains("PPU-ZW810E is up").contains("STAGE").contains("passed")
                .doesNotContain("\u2717");
        assertThat(shell.err()).isEmpty();
        assertThat(shell.status()).isZero();
        assertThat(report).isDirectoryContaining("glob:**report.html").isDirectoryContaining("glob:**junit.xml")
                .isDirectoryContaining("glob:**trace.json");
        assertThat(Shell.json(Files.readString(report.resolve("report.json")))).isNotEmpty();
        assertThat(trace).isNotEmptyFile();
        assertThat(report.toFile().list()).hasSize(4);
        assertThat(folder.toFile().list()).hasSize(2);
    }

    @Test
    void bringsTheDeviceUpForPrograms() {
        Shell shell = Shell.run("bringup", "--seed", "8", "--json");
        assertThat(shell.status()).isZero();
        JsonNode last = null;
        boolean up = false;
        for (String line : shell.out().lines().toList()) {
            last = Shell.json(line);
            up |= last.get("event").asString().equals("up");
        }
        assertThat(up).isTrue();
        assertThat(last.get("event").asString()).isEqualTo("summary");
        assertThat(last.get("good").asBoolean()).isTrue();
        assertThat(last.get("passed").asInt()).isGreaterThan(100);
    }

    @Test
    void aReportThatCannotBeWrittenIsKnownBeforehand(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Shell shell = Shell.run("bringup", "--report", file.toString());
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains(file.toString());
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void comparesDevices() {
        Shell same = Shell.run("conform", "--device", "model:zw810e?clock=sim&seed=1", "--device", "model:hanguang800?clock=sim&seed=2");
        assertThat(same.status()).as(same.out()).isZero();
        assertThat(same.out()).contains("A: model:zw810e", "B: model:hanguang800", "B: skipped: id.capabilities", ", 0 different,");
    }

    @Test
    void tellsProgramsWhatDiffers() {
        Shell shell = Shell.run("conform", "--json", "--device", "model:zw810e?clock=sim&seed=1", "--device",
                "rdl:" + Path.of("../../hal/abi/src/main/rdl/ppu.rdl").toAbsolutePath() + "?top=ppu_bar0&id=1ded:6001&clock=sim");
        assertThat(shell.status()).isEqualTo(1);
        JsonNode document = Shell.json(shell.out());
        assertThat(document.get("good").asBoolean()).isFalse();
        assertThat(document.get("devices").get(0).get("good").asBoolean()).isTrue();
        assertThat(document.get("devices").get(1).get("good").asBoolean()).isFalse();
        assertThat(document.get("different")).isNotEmpty();
        assertThat(document.get("devices").get(1).get("failures").get(0).get("alone").asString()).isEqualTo("fails");
        assertThat(shell.err()).contains("rdl:").contains("failed");
    }

    @Test
    void listsSuitesAndTheirCases() {
        Shell suites = Shell.run("conform", "--list");
        assertThat(suites.status()).isZero();
        assertThat(suites.out()).contains("bringup", "registers", "queues");
        Shell cases = Shell.run("conform", "--list", "--suite", "registers", "--device", UART);
        assertThat(cases.out()).contains("reg.bit-bash.control", "uart.rdl:19");
    }

    @Test
    void holdsAnyDeviceAgainstItsOwnMap() {
        Shell own = Shell.run("conform", "--suite", "registers", "--device", UART);
        assertThat(own.status()).as(own.out()).isZero();
        Shell other = Shell.run("conform", "--suite", "registers", "--device", UART, "--map", EXAMPLES.resolve("uart2.rdl").toString(),
                "--case",
                "reg.reset.*");
        assertThat(other.status()).isEqualTo(1);
        assertThat(other.out()).contains("expected: ", "seen: ", "uart2.rdl:", "alone: fails", "again: ", "--map ");
    }

    @Test
    void aMapThatTheBarDoesNotHoldIsRefusedBeforeAnythingIsTouched(@TempDir Path folder) throws IOException {
        Path far = Files.writeString(folder.resolve("far.rdl"), """
                addrmap far {
                    default sw = rw;
                    reg { field {} a[31:0] = 0; } near @ 0x0;
                    regfile { reg { field {} a[31:0] = 0; } huge[2]; } block @ 0x7fffffff0;
                };
                """);
        Shell beyond = Shell.run("conform", "--suite", "registers", "--map", far.toString(), "--device", "model:zw810e?clock=sim");
        assertThat(beyond.status()).isEqualTo(2);
        assertThat(beyond.out()).isEmpty();
        assertThat(beyond.err()).hasLineCount(1).contains("far.rdl", "block.huge[1] at 0x7fffffff4 (4 bytes)", "BAR0", "0x", "--bar");
        Shell absent = Shell.run("conform", "--suite", "registers", "--map", far.toString(), "--bar", "3", "--device",
                "model:zw810e?clock=sim");
        assertThat(absent.status()).isEqualTo(2);
        assertThat(absent.err()).hasLineCount(1).contains("no BAR3", "BAR0", "--bar");
    }

    @Test
    void suitesThatNeedAPpuRefuseAnotherFunctionOnce() {
        Shell queues = Shell.run("conform", "--suite", "registers,queues,dma", "--device", UART);
        assertThat(queues.status()).isEqualTo(2);
        assertThat(queues.out()).isEmpty();
        assertThat(queues.err()).hasLineCount(1).contains("cannot be tested with queues, dma", "not a PPU (1ded:6001)",
                "name a link to a PPU");
    }

    @Test
    void theCommandThatRunsACaseAgainIsForAShell(@TempDir Path folder) throws IOException {
        String register = "addrmap a { reg { field { sw = rw; hw = na; } on[0:0] = %d; } power; };";
        Path device = Files.writeString(folder.resolve("device.rdl"), register.formatted(0));
        Path map = Files.writeString(folder.resolve("it's a map.rdl"), register.formatted(1));
        Path none = Files.writeString(folder.resolve("no exclusions"), "");
        Shell shell = Shell.run("conform", "--suite", "registers", "--device", "rdl:" + device, "--map", map.toString(), "--exclude",
                none.toString(),
                "--case", "reg.reset.*");
        assertThat(shell.status()).isEqualTo(1);
        assertThat(shell.out()).contains(
                "again: ppu conform --device 'rdl:" + device + "' --suite registers --map '" + map.toString().replace("'", "'\\''")
                        + "' --exclude '" + none + "' --case 'reg.reset.power'");
    }

    @Test
    void exclusionsThatAreNoTextAreRefusedWithTheFilesName(@TempDir Path folder) throws IOException {
        Path binary = Files.write(folder.resolve("bin"), new byte[]{'#', '\n', (byte) 0xff, (byte) 0xfe, 0});
        Shell shell = Shell.run("conform", "--suite", "registers", "--device", UART, "--exclude", binary.toString());
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).hasLineCount(1).contains(binary + ":2: this is no UTF-8 text");
    }

    @Test
    void unknownSuitesAndCasesAreRefused() {
        Shell suite = Shell.run("conform", "--suite", "qeues");
        assertThat(suite.status()).isEqualTo(2);
        assertThat(suite.err()).contains("no suite 'qeues'", "queues");
        Shell subject = Shell.run("conform", "--suite", "queues", "--case", "queues.nothing");
        assertThat(subject.status()).isEqualTo(2);
        assertThat(subject.err()).contains("--list");
    }

    @Test
    void otherCommandsTakeOneDevice() {
        Shell shell = Shell.run("info", "--device", "model:zw810e", "--device", "model:hanguang800");
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains("one --device");
    }
}
