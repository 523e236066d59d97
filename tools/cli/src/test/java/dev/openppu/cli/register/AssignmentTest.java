package dev.openppu.cli.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.cli.BadInputException;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.mmio.TrappedMmio;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentTest {
    private static final RegisterCatalog CATALOG = RegisterCatalog.ofPpu();

    private final List<String> accesses = new ArrayList<>();
    private long held = -1;
    private final RegisterPort port = new RegisterPort(bar -> new TrappedMmio(new MmioTrap() {
        @Override
        public long read(long offset, int bytes) {
            accesses.add("r%d %x".formatted(bytes, offset));
            return bytes == 8 ? held : held & (1L << bytes * 8) - 1;
        }

        @Override
        public void write(long offset, int bytes, long value) {
            accesses.add("w%d %x=%x".formatted(bytes, offset, value));
        }
    }, 1 << 20));

    @ParameterizedTest
    @CsvSource({"fw.scratch[1]=0x1234, w4 244=1234", "fw.scratch[1]=0b101, w4 244=5", "fw.scratch[1]=1_000, w4 244=3e8",
        "id.test64=0xFFFFFFFFFFFFFFFF, w8 48=ffffffffffffffff",
        "boot.command=3, w4 104=3"})
    void aWholeRegisterIsOneWrite(String text, String write) {
        apply(text);
        assertThat(accesses).containsExactly(write);
    }

    @Test
    void aFieldKeepsItsNeighbours() {
        held = 0x0ABC_0812;
        apply("queue[1].control.enable=1");
        assertThat(accesses).containsExactly("r4 2040", "w4 2040=abc0813");
        accesses.clear();
        apply("queue[1].control.log2_packets=31");
        assertThat(accesses).containsExactly("r4 2040", "w4 2040=abc1f12");
    }

    @Test
    void aFieldAloneInItsRegisterNeedsNoRead() {
        apply("interrupts.moderation.micros=50");
        assertThat(accesses).containsExactly("w4 30c=32");
    }

    @Test
    void writingOneToClearTouchesNoOtherCause() {
        held = 0x3F;
        apply("interrupts.raw.boot=1");
        assertThat(accesses).containsExactly("w4 300=2");
    }

    @Test
    void anotherFieldsPulseIsNotFired() {
        held = -1;
        apply("interrupts.force.vector=5");
        assertThat(accesses).containsExactly("w4 310=5");
        accesses.clear();
        held = 5;
        apply("interrupts.force.fire=1");
        assertThat(accesses).containsExactly("r4 310", "w4 310=80000005");
    }

    @Test
    void readOnlyNeighboursAreWrittenAsZero() {
        held = 0xFFFF_FFFFL;
        apply("memory.scrub.stop=1");
        assertThat(accesses).containsExactly("w4 410=2");
    }

    @Test
    void anEnumsNameIsAValue() {
        held = 0;
        apply("boot.command.source=HOST_DMA");
        assertThat(accesses).containsExactly("w4 104=2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            boot.status=1                      | read-only
            boot.status.state=RUNNING          | read-only
            queue[0].control.enable=2          | has 1 bit
            queue[0].control.log2_packets=32   | has 5 bits
            fw.scratch[0]=0x100000000          | has 32 bits
            fw.scratch[0]=-1                   | no value
            fw.scratch[0]=                     | no value
            fw.scratch[0]=0x                   | no value
            boot.command.source=HOST           | DEVICE_MEMORY, HOST_DMA
            fw.scratch=1                       | 4 registers
            fw.scratch[0]                      | assigns nothing
            =1                                 | assigns nothing
            fw=1                               | registers; a write takes one
            """)
    void refusesWhatCannotBeWritten(String text, String why) {
        assertThatThrownBy(() -> Assignment.parse(text, CATALOG)).isInstanceOf(BadInputException.class).hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"boot.status", "id.test64"})
    void readsInOneAccessOfTheRegistersWidth(String name) {
        LocatedRegister register = CATALOG.select(name).registers().getFirst();
        assertThat(port.read(register)).isEqualTo(register.bytes() == 8 ? -1 : 0xFFFF_FFFFL);
        assertThat(accesses).containsExactly("r%d %x".formatted(register.bytes(), register.offset()));
    }

    private void apply(String text) {
        Assignment.parse(text, CATALOG).apply(port);
    }
}
