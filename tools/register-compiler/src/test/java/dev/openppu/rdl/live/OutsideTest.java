package dev.openppu.rdl.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.rdl.path.PathException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the map leaves to others: user-defined side effects, and what is external. */
class OutsideTest {

    @Test
    void userDefinedSideEffectsAreTheHooksBusiness() {
        LiveRegisters registers = Live.registers(
                "external reg { field { onread = ruser; onwrite = wuser; } u[7:0] = 5; field {} n[15:8] = 1; } x @0;");
        registers.write(0, 4, 0x0207);
        assertThat(registers.read(0, 4)).as("stored as it is, until somebody says otherwise").isEqualTo(0x0207);
        registers.onUserWrite(0, (address, mask, value, written) -> value + written);
        registers.onUserRead(0, (address, mask, value) -> value - 1);
        registers.write(0, 4, 0x0303);
        assertThat(registers.read(0, 4)).isEqualTo(0x030a);
        assertThat(registers.read(0, 4)).isEqualTo(0x0309);
    }

    private static final class Recorder implements ExternalRegisters {
        private final List<String> accesses = new ArrayList<>();

        @Override
        public long read(long address, int bytes) {
            accesses.add("r" + bytes + "@" + address);
            return 0x1_2345_6789L;
        }

        @Override
        public void write(long address, int bytes, long value) {
            accesses.add("w" + bytes + "@" + address + "=" + Long.toHexString(value));
        }
    }

    @Test
    void accessesToWhatIsExternalGoWhereItWasAttached() {
        LiveRegisters registers = Live
                .registers("external regfile { reg { field {} v[31:0] = 0; } a @0; reg { field {} v[31:0] = 0; } b @8; } blk[2] @0x100;"
                        + "external mem { mementries = 16; memwidth = 32; } ram @0x200; reg { field {} v[31:0] = 3; } own @0;");
        registers.write(0x100, 4, 1);
        Recorder block = new Recorder();
        Recorder memory = new Recorder();
        registers.attach("top.blk[1]", block);
        registers.attach("top.ram", memory);
        assertThat(registers.read(0x10c + 8, 4)).isEqualTo(0x2345_6789L);
        registers.write(0x10c, 4, -1);
        registers.write(0x208, 8, 7);
        assertThat(registers.read(0x100, 4)).isEqualTo(1);
        assertThat(registers.read(0, 4)).isEqualTo(3);
        assertThat(block.accesses).containsExactly("r4@8", "w4@0=ffffffff");
        assertThat(memory.accesses).containsExactly("w8@8=7");
        assertThatThrownBy(() -> registers.attach("top.own.v", block)).isInstanceOf(PathException.class);
    }

    @Test
    void everyInterruptIsToldToOneHook() {
        LiveRegisters registers = Live
                .registers("reg { field { hw = w; woclr; intr; } i[0:0] = 0; } x[3] @0; reg { field {} n[0:0] = 0; } y @0x20;");
        List<String> events = new ArrayList<>();
        registers.onInterrupts((address, level) -> events.add(address + " " + level));
        registers.drive(4, 4, 1);
        registers.drive(8, 4, 1);
        registers.write(4, 4, 1);
        assertThat(events).containsExactly("4 true", "8 true", "4 false");
    }
}
