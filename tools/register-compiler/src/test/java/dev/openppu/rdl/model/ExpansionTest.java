package dev.openppu.rdl.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.RdlCompiler;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpansionTest {

    private static AddressMap compile(String text) {
        return new RdlCompiler().add("chip.rdl", text).compile().map("chip");
    }

    @Test
    void everyElementOfEveryDimensionHasItsPathAndAddress() {
        AddressMap chip = compile("""
                addrmap chip {
                    reg word { field {} f[32]; };
                    regfile { word a; word b[2] += 8; } rf[2][3] @ 0x100 += 0x40;
                    word last @ 0x1000;
                };
                """);
        List<String> found = Expansion.registers(chip).map(r -> r.path() + "@" + Long.toHexString(r.address())).toList();
        assertThat(found).hasSize(19).startsWith("chip.rf[0][0].a@100", "chip.rf[0][0].b[0]@104", "chip.rf[0][0].b[1]@10c",
                "chip.rf[0][1].a@140").contains("chip.rf[1][0].a@1c0", "chip.rf[1][2].b[1]@24c").endsWith("chip.last@1000");
    }

    @Test
    void registersLaidOverAMemoryAreAmongThem() {
        AddressMap chip = compile("""
                addrmap chip {
                    mem { mementries = 16; memwidth = 32; reg { field {} f[32]; } entry[4]; } external m @ 0x80;
                };
                """);
        assertThat(Expansion.registers(chip)).extracting(RegisterInstance::path, RegisterInstance::address)
                .last().hasToString("(\"chip.m.entry[3]\", 140L)");
    }

    @Test
    void aHugeArrayIsWalkedOneAtATime() {
        AddressMap chip = compile("addrmap chip { reg { field {} f[32]; } x[1048576][1024]; };");
        assertThat(Expansion.registers(chip).skip(5000).findFirst()).get().extracting(RegisterInstance::path)
                .isEqualTo("chip.x[4][904]");
    }

    @Test
    void nodesKnowWhereTheyWereWrittenAndEqualityPassesOverIt() {
        AddressMap chip = compile("""
                addrmap chip {
                    reg {
                        field {} f;
                    } x;
                };
                """);
        Register register = (Register) chip.children().getFirst();
        assertThat(register.origin()).hasToString("chip.rdl:4:7");
        assertThat(register.fields().getFirst().origin()).hasToString("chip.rdl:3:18");
        assertThat(compile("\n\naddrmap chip { reg { field {} f; } x; };")).isEqualTo(chip);
    }
}
