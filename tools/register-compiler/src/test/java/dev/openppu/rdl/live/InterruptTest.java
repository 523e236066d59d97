package dev.openppu.rdl.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Interrupt fields and the outputs of their registers. */
class InterruptTest {

    /** Inputs driven one after the other, and what is stored after the last. */
    @ParameterizedTest
    @CsvSource({"'level intr; stickybit', '1 2 0', 3", "'level intr', '1 2 0', 3", "'level intr; sticky', '1 2 0', 1",
        "'nonsticky level intr', '1 2', 2", "'nonsticky intr', '1 0', 0", "'posedge intr', '1 1 3', 3", "'posedge intr', '0', 0",
        "'negedge intr', '3 1', 2", "'negedge intr', '3', 0", "'bothedge intr', '1 3', 3", "'bothedge intr', '0 0', 0",
        "'nonsticky posedge intr', '1 1', 0", "'intr; stickybit = false', '1 0', 0"})
    void inputIsTakenAndHeldAsDeclared(String declaration, String inputs, int stored) {
        LiveRegisters registers = Live.field("sw = rw; hw = w; woclr; " + declaration + ";", 0);
        for (String input : inputs.split(" ", -1)) {
            registers.drive(0, 4, Integer.parseInt(input));
        }
        assertThat(registers.peek(0, 4)).isEqualTo(stored);
    }

    @Test
    void stickyBitsHoldUntilSoftwareClearsThem() {
        LiveRegisters registers = Live.field("hw = w; woclr; intr;", 0);
        registers.drive(0, 4, 3);
        registers.write(0, 4, 1);
        assertThat(registers.read(0, 4)).isEqualTo(2);
    }

    private static final String ENABLED = """
            reg { default hw = w; default woclr; field { intr; } a[0:0] = 0; field { intr; } b[1:1] = 0; } raw @0;
            reg { field {} a[0:0] = 0; field {} b[1:1] = 0; } gate @4;
            """;

    @Test
    void outputIsTheOrOfEnabledFields() {
        LiveRegisters registers = Live.registers(ENABLED + "raw.a->enable = gate.a; raw.b->enable = gate.b;");
        List<Boolean> levels = new ArrayList<>();
        registers.onInterrupt(0, (address, level) -> levels.add(level));
        registers.drive(0, 4, 1);
        assertThat(levels).isEmpty();
        registers.write(4, 4, 1);
        assertThat(levels).containsExactly(true);
        registers.drive(0, 4, 2);
        registers.write(0, 4, 1);
        assertThat(levels).containsExactly(true, false);
        assertThat(registers.interruptLevel(0)).isFalse();
        registers.write(4, 4, 3);
        assertThat(levels).containsExactly(true, false, true);
        registers.reset();
        assertThat(levels).containsExactly(true, false, true, false);
    }

    @Test
    void maskBlocksWhatItCovers() {
        LiveRegisters registers = Live.registers(ENABLED + "raw.a->mask = gate.a; raw.b->mask = gate.b;");
        registers.write(4, 4, 1);
        registers.drive(0, 4, 1);
        assertThat(registers.interruptLevel(0)).isFalse();
        registers.drive(0, 4, 2);
        assertThat(registers.interruptLevel(0)).isTrue();
    }

    @Test
    void haltHasAnOutputOfItsOwn() {
        LiveRegisters registers = Live.registers(ENABLED + "raw.a->haltenable = gate.a; raw.b->haltmask = gate.b;");
        List<Boolean> halts = new ArrayList<>();
        registers.onHalt(0, (address, level) -> halts.add(level));
        registers.drive(0, 4, 1);
        assertThat(halts).isEmpty();
        registers.write(4, 4, 3);
        assertThat(halts).containsExactly(true);
        registers.write(0, 4, 1);
        registers.drive(0, 4, 2);
        assertThat(halts).containsExactly(true, false);
    }

    @Test
    void everyElementOfAnArrayOfBlocksHasItsOwnEnable() {
        LiveRegisters registers = Live.registers("""
                regfile unit {
                    reg { field { hw = w; woclr; intr; } done[0:0] = 0; } status;
                    reg { field {} done[0:0] = 0; } enable;
                    status.done->enable = enable.done;
                };
                unit units[4] @0 += 0x10;
                """);
        registers.write(0x24, 4, 1);
        for (int i = 0; i < 4; i++) {
            registers.drive(i * 0x10L, 4, 1);
            assertThat(registers.interruptLevel(i * 0x10L)).as("unit %d", i).isEqualTo(i == 2);
        }
    }

    @Test
    void outputsCascadeIntoASummaryRegister() {
        LiveRegisters registers = Live.registers("""
                reg { field { hw = w; woclr; intr; } x[0:0] = 0; } leaf @0;
                reg { field { sw = r; hw = w; nonsticky intr; } leaf[0:0] = 0; } summary @4;
                summary.leaf->next = leaf->intr;
                """);
        List<Boolean> levels = new ArrayList<>();
        registers.onInterrupt(4, (address, level) -> levels.add(level));
        registers.drive(0, 4, 1);
        assertThat(registers.read(4, 4)).isEqualTo(1);
        registers.write(0, 4, 1);
        assertThat(registers.read(4, 4)).isZero();
        assertThat(levels).containsExactly(true, false);
    }
}
