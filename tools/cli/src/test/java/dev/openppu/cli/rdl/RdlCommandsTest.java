package dev.openppu.cli.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.command.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RdlCommandsTest {
    @TempDir
    Path folder;

    private Path chip = Path.of("");

    @BeforeEach
    void writeChip() throws IOException {
        chip = file("chip.rdl", """
                enum parity_e { NONE = 0; EVEN = 2 { desc = "An even number of ones."; }; };
                addrmap chip #(longint unsigned UARTS = 4) {
                    regfile {
                        reg {
                            field { sw = rw; encode = parity_e; } parity[5:4] = 2;
                            field { sw = rw; } enable[0:0] = 0;
                        } control @ 0x0;
                        reg { regwidth = 128; field {} low[64]; field {} word[64] = 1; } wide @ 0x10;
                    } uart[UARTS] @ 0x100 += 0x40;
                };
                """);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Shell rdl(Object... arguments) {
        List<String> all = new ArrayList<>(List.of("rdl"));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        return Shell.run(all.toArray(String[]::new));
    }

    @Test
    void checkAcceptsWhatIsRightAndCountsWhatItDescribes() {
        Shell shell = rdl("check", chip);
        assertThat(shell.out()).contains("chip: 8 registers, 16 fields in 0x200 bytes").contains("accepted, 0 errors, 0 warnings");
        assertThat(shell.status()).isZero();
    }

    @Test
    void checkTellsAllThatIsWrongWithTheSourceLinesAndFails() throws IOException {
        Path bad = file("bad.rdl",
                "addrmap bad {\n  reg { field {} a[3:0]; field {} b[2:2]; } x @ 0;\n  reg { field {} a[40:0]; } y;\n};\n");
        Shell shell = rdl("check", bad);
        assertThat(shell.status()).isEqualTo(1);
        assertThat(shell.err()).contains("bad.rdl:2:").contains("bad.rdl:3:").contains("^");
        assertThat(shell.out()).contains("refused, 2 errors");
        JsonNode document = Shell.json(rdl("check", "--json", bad).out());
        assertThat(document.get("accepted").asBoolean()).isFalse();
        assertThat(document.get("diagnostics").get(0).get("line").asInt()).isEqualTo(2);
    }

    @Test
    void severalFilesShareAScopeAndMacrosIncludesAndParametersReachThem() throws IOException {
        Files.createDirectories(folder.resolve("inc"));
        file("inc/types.rdl", "reg word { field {} f[32]; };\n");
        Path one = file("one.rdl",
                "`include \"types.rdl\"\n`ifdef WIDE\naddrmap top #(longint unsigned N = 1) { word data[N]; };\n`endif\n");
        Path two = file("two.rdl", "addrmap other { word data; };\n");
        Shell shell = rdl("check", "-I", folder.resolve("inc"), "-D", "WIDE", "--top", "top", "-P", "N=3*4", one, two);
        assertThat(shell.out()).contains("top: 12 registers").doesNotContain("other:");
        assertThat(rdl("check", "-P", "N", two).err()).startsWith("ppu: -P N gives no value");
        assertThat(rdl("check", "-D", "3=4", two).err()).startsWith("ppu: -D 3=4: '3' is no name");
        assertThat(rdl("check", "-I", folder.resolve("inc"), "--top", "chip", one, two).err())
                .contains("<top>:1:1: error: no address map is called 'chip'");
    }

    @Test
    void warningsAreErrorsIfAskedFor() throws IOException {
        Path dubious = file("dubious.rdl", "addrmap top { reg { field { sw = r; hw = na; } f; } x; };\n");
        Shell usual = rdl("check", dubious);
        assertThat(usual.status()).isZero();
        assertThat(usual.err()).contains("warning:");
        assertThat(rdl("check", "-W", "no-all", dubious).err()).isEmpty();
        assertThat(rdl("check", "--werror", dubious).status()).isEqualTo(1);
        assertThat(rdl("check", "-W", "nonsense", dubious).err()).startsWith("ppu: ").contains("constant-without-value");
    }

    @Test
    void treeShowsTheArrayOnce() {
        Shell shell = rdl("tree", chip);
        assertThat(shell.out()).contains("uart[4] += 0x40").contains("wide");
        assertThat(rdl("tree", "--depth", "1", chip).out()).doesNotContain("wide");
        assertThat(rdl("tree", "--depth", "-1", chip).status()).isEqualTo(2);
    }

    @Test
    void decodeTellsFieldsEnumsAndStrayBits() {
        Shell shell = rdl("decode", chip, "uart.control", "0x8000_0021");
        assertThat(shell.out()).contains("chip.uart[0].control at 0x100 = 0x80000021", "EVEN", "An even number of ones.")
                .contains("no field covers these bits, which are set: 0x80000000");
        JsonNode json = Shell.json(rdl("decode", "--json", chip, "uart[2].wide", "0x0123456789abcdef0000000000000001").out());
        assertThat(json.get("path").asString()).isEqualTo("chip.uart[2].wide");
        assertThat(json.get("address").asString()).isEqualTo("0x190");
        assertThat(json.get("fields").get(1).get("value").asString()).isEqualTo("0x123456789abcdef");
    }

    @Test
    void decodeTakesAnAddress() {
        assertThat(rdl("decode", chip, "0x140", "1").out()).startsWith("chip.uart[1].control at 0x140");
        assertThat(rdl("decode", chip, "0x13c", "1").err()).startsWith("ppu: there is no register at 0x13c");
    }

    @Test
    void encodeStartsFromTheResetValueOrFromWhatIsGiven() {
        assertThat(rdl("encode", chip, "uart[0].control", "enable=1").out().strip()).isEqualTo("0x00000021");
        assertThat(rdl("encode", chip, "uart.control", "parity=NONE", "enable=0b1").out().strip()).isEqualTo("0x00000001");
        assertThat(rdl("encode", "--from", "0x80000000", chip, "uart.control", "parity=EVEN").out().strip()).isEqualTo("0x80000020");
    }

    @Test
    void whatCannotBeEncodedIsSaid() {
        assertThat(rdl("encode", chip, "uart.control", "parity=4").err()).contains("has 2 bits; 4 does not fit");
        assertThat(rdl("encode", chip, "uart.control", "parity=ODD").err()).contains("or one of NONE, EVEN");
        assertThat(rdl("encode", chip, "uart.control", "speed=1").err()).contains("it has enable, parity");
        assertThat(rdl("encode", chip, "uart.contrl", "enable=1").err()).contains("there is no 'contrl'");
        assertThat(rdl("encode", chip, "uart.control", "enable=1", "enable=0").err()).contains("given twice");
        assertThat(rdl("decode", chip, "uart.control", "0x100000000").err()).contains("32 bits");
    }

    @Test
    void javaGoesIntoAFolderByItsPackage() {
        Shell shell = rdl("export", "--format", "java", "--package", "com.example.chip", "-o", folder.resolve("src"), chip);
        assertThat(shell.status()).isZero();
        assertThat(folder.resolve("src/com/example/chip/ChipRegs.java")).isRegularFile();
        assertThat(rdl("export", "--format", "java", chip).err()).contains("--out");
    }

    @Test
    void jsonLoadsAgainAndFlatJsonIsALineForEveryRegister() {
        Path json = folder.resolve("chip.json");
        assertThat(rdl("export", "--format", "json", "-o", json, chip).status()).isZero();
        assertThat(rdl("tree", json).out()).isEqualTo(rdl("tree", chip).out());
        Shell flat = rdl("export", "--format", "json", "--flat", chip);
        assertThat(flat.out().lines()).hasSize(8).first().asString().contains("\"path\"", "chip.uart[0].control");
        assertThat(rdl("export", "--format", "java", "--flat", chip).err()).contains("--flat goes with --format json");
    }

    @Test
    void diffTellsWhatBreaksADriverAndEndsByIt() throws IOException {
        Path grown = file("grown.rdl", Files.readString(chip).replace("UARTS = 4", "UARTS = 5"));
        Path changed = file("changed.rdl", Files.readString(chip).replace("parity[5:4] = 2", "parity[6:5] = 2"));
        assertThat(rdl("diff", chip, chip).out().strip()).isEqualTo("no difference");
        Shell harmless = rdl("diff", chip, grown);
        assertThat(harmless.status()).isZero();
        assertThat(harmless.out()).contains("breaks nothing", "chip.uart", "1 change, 0 breaking");
        assertThat(rdl("diff", "--exact", chip, grown).status()).isEqualTo(1);
        Shell harmful = rdl("diff", chip, changed);
        assertThat(harmful.status()).isEqualTo(1);
        assertThat(harmful.out()).contains("breaks a driver", "parity: bits changed from [5:4] to [6:5]");
        JsonNode json = Shell.json(rdl("diff", "--json", chip, changed).out());
        assertThat(json.get("breaking").asInt()).isEqualTo(1);
        assertThat(json.get("changes").get(0).get("kind").asString()).isEqualTo("fieldBits");
    }

    @Test
    void everyFormatOfOneFileIsWritten() throws IOException {
        for (ExportFormat format : ExportFormat.values()) {
            if (format != ExportFormat.JAVA) {
                Path out = folder.resolve("out" + format.ending());
                assertThat(rdl("export", "--format", format, "-o", out, chip).err()).isEmpty();
                assertThat(out).content().contains("uart");
            }
        }
        assertThat(rdl("diff", "--exact", chip, folder.resolve("out.rdl")).out().strip()).isEqualTo("no difference");
        assertThat(rdl("check", folder.resolve("out.svd")).out()).contains("accepted");
        assertThat(rdl("decode", folder.resolve("out.svd"), "uart[1].control", "0x21").out()).contains("EVEN");
    }

    @Test
    void serveCarriesOutAScriptAndItsKnownAnswersDecideTheStatus() throws IOException {
        Path good = file("good.txt",
                "read chip.uart[1].control => 0x20\nwrite chip.uart[1].control 0x21\nread chip.uart[1].control => 0x21\n");
        Shell served = rdl("serve", "--script", good, chip);
        assertThat(served.err()).isEmpty();
        assertThat(served.status()).isZero();
        Path bad = file("bad.txt", "read chip.uart[1].control => 0x21\nread chip.nothing\nread chip.uart[0].control\n");
        Shell failed = rdl("serve", "--script", bad, chip);
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err()).contains("bad.txt:1: error:", "bad.txt:2: error:");
        assertThat(failed.out()).isEqualToIgnoringNewLines("0x20");
        assertThat(rdl("serve", "--stop", "--script", bad, chip).err()).doesNotContain("bad.txt:2");
        assertThat(rdl("serve", "--socket", good, chip).err()).startsWith("ppu: ").contains("is no socket");
    }

    @Test
    void theExamplesThatTheReadmeShowsHold() {
        Path port = Path.of("../../examples/uart.rdl");
        assertThat(rdl("check", port).out()).contains("accepted, 0 errors, 0 warnings");
        Shell diff = rdl("diff", port, Path.of("../../examples/uart2.rdl"));
        assertThat(diff.out()).contains("uart.control.parity: bits changed", "2 changes, 1 breaking");
        assertThat(diff.status()).isEqualTo(1);
    }

    @Test
    void severalMapsNeedAFolderOrAChoice() throws IOException {
        Path two = file("two.rdl", "reg word { field {} f; }; addrmap a { word x; }; addrmap b { word x; };");
        assertThat(rdl("export", "--format", "json", two).err()).contains("several address maps (a, b)").contains("--top");
        assertThat(rdl("export", "--format", "json", "--top", "b", two).status()).isZero();
        assertThat(rdl("export", "--format", "json", "-o", folder.resolve("out"), two).status()).isZero();
        assertThat(folder.resolve("out/a.json")).isRegularFile();
        assertThat(folder.resolve("out/b.json")).isRegularFile();
        assertThat(rdl("decode", two, "x", "1").err()).contains("choose one with --top: a, b");
    }

    @Test
    void aRefusedSourceIsOneMessageAfterTheDiagnostics() throws IOException {
        Path bad = file("bad.rdl", "addrmap bad { regg y; };\n");
        Shell shell = rdl("tree", bad);
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains("bad.rdl:1:15: error:").contains("ppu: ").contains("is refused: 1 error, 0 warnings");
        assertThat(Shell.json(rdl("tree", "--json", bad).err()).get("error").get("diagnostics")).hasSize(1);
        assertThat(rdl("tree", folder.resolve("none.rdl")).err()).contains("no such file");
        assertThat(rdl("tree", file("empty.rdl", "")).err()).contains("there is no address map");
    }
}
