package dev.openppu.cli.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.cli.BadInputException;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegisterCatalogTest {
    private final RegisterCatalog catalog = RegisterCatalog.ofPpu();

    @Test
    void findsARegisterWhereTheGeneratedCodeHasIt() {
        LocatedRegister status = single("boot.status");
        assertThat(status.bar()).isZero();
        assertThat(status.offset()).isEqualTo(0x100 + BootRegs.STATUS_OFFSET);
        assertThat(single("queue[63].error_address").offset()).isEqualTo(0x2000 + 63 * 0x40 + QueueRegs.ERROR_ADDRESS_OFFSET);
        assertThat(PpuBar0Regs.QUEUE_COUNT).isEqualTo(64);
    }

    @Test
    void findsRegistersOfBothBars() {
        assertThat(single("queue[3].ring").bar()).isEqualTo(4);
        assertThat(single("queue[3].ring").offset()).isEqualTo(0x3000);
        assertThat(single("vector[64].control").offset()).isEqualTo(0x80400 + 0xC);
        assertThat(single("pending[1]").offset()).isEqualTo(0x90008);
        assertThat(single("ppu_bar4.queue[3].ring")).isEqualTo(single("queue[3].ring"));
    }

    @Test
    void aFieldComesWithItsRegister() {
        RegisterCatalog.Selection selection = catalog.select("queue[3].control.enable");
        assertThat(selection.registers()).extracting(LocatedRegister::path).containsExactly("queue[3].control");
        assertThat(selection.field().orElseThrow().name()).isEqualTo("enable");
    }

    @Test
    void anArrayWithoutAnIndexMeansAllItsElements() {
        assertThat(catalog.select("copy.status").registers()).extracting(LocatedRegister::path).containsExactly("copy[0].status",
                "copy[1].status");
        assertThat(catalog.select("error_log.entry").registers()).hasSize(16 * 4);
        assertThat(catalog.select("id.product").registers()).hasSize(8);
    }

    @Test
    void aBlockMeansAllItsRegisters() {
        assertThat(catalog.select("timer").registers()).extracting(LocatedRegister::path).containsExactly("timer.now");
        assertThat(catalog.select("ppu_bar0").registers()).hasSizeGreaterThan(700);
    }

    @Test
    void everyRegistersNameLeadsBackToItAndNoTwoShareAnAddress() {
        List<LocatedRegister> all = catalog.all();
        HashSet<String> places = new HashSet<>();
        for (LocatedRegister register : all) {
            assertThat(catalog.select(register.path()).registers()).containsExactly(register);
            assertThat(places.add(register.bar() + ":" + register.offset())).as(register.path()).isTrue();
        }
        assertThat(all).hasSizeGreaterThan(1000);
    }

    @ParameterizedTest
    @CsvSource({"boot.staus, boot.status", "status, boot.status", "queu[3].control, queue.control",
        "fw.heartbeet.count, fw.heartbeat.count", "interupts, interrupts"})
    void namesTheNearestToAnUnknownName(String written, String meant) {
        assertThatThrownBy(() -> catalog.select(written)).isInstanceOf(BadInputException.class).hasMessageContaining(written)
                .hasMessageContaining(meant)
                .hasMessageContaining("ppu reg list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue[64].control", "queue[-1].control", "queue[9999999999].control", "queue[0x40].control.enable"})
    void saysHowManyElementsThereAre(String name) {
        assertThatThrownBy(() -> catalog.select(name)).isInstanceOf(BadInputException.class)
                .hasMessageContaining("64 elements, [0] to [63]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "boot.", "boot..status", "queue[].control", "queue[x].control", "queue[1", "queue]1[", "boot status",
        "boot[0].status", "boot.status[0]",
        "boot.status.state[0]", "boot.status.state.more", "timer.now.nanos.x"})
    void refusesWhatIsNoName(String name) {
        assertThatThrownBy(() -> catalog.select(name)).isInstanceOf(BadInputException.class);
    }

    private LocatedRegister single(String name) {
        List<LocatedRegister> registers = catalog.select(name).registers();
        assertThat(registers).hasSize(1);
        return registers.getFirst();
    }
}
