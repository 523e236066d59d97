package dev.openppu.rdl.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Software's port: known answers for every access type and side effect. */
class SoftwareAccessTest {

    private static final int OLD = 0b0011_0101;
    private static final int DATA = 0b0101_0011;

    /** What a register holds after one write of DATA over OLD, after the table of the standard. */
    @ParameterizedTest
    @CsvSource({"rw, none, 01010011", "rw, woset, 01110111", "rw, woclr, 00100100", "rw, wot, 01100110", "rw, wzs, 10111101",
        "rw, wzc, 00010001", "rw, wzt, 10011001", "rw, wclr, 00000000", "rw, wset, 11111111", "r, none, 00110101",
        "w, none, 01010011", "na, none, 00110101", "rw1, none, 01010011", "w1, none, 01010011", "wr, none, 01010011"})
    void writeMakesOfTheOldValueWhatThePropertySays(String sw, String onwrite, String expected) {
        LiveRegisters registers = Live.field("sw = " + sw + ";" + (onwrite.equals("none") ? "" : "onwrite = " + onwrite + ";"), OLD);
        registers.write(0, 4, DATA);
        assertThat(registers.peek(0, 4)).isEqualTo(Integer.parseInt(expected, 2));
    }

    @ParameterizedTest
    @CsvSource({"rw, 53", "r, 53", "rw1, 53", "w, 0", "w1, 0", "na, 0"})
    void onlyReadableFieldsShowTheirValue(String sw, int expected) {
        assertThat(Live.field("sw = " + sw + "; hw = r;", OLD).read(0, 4)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"onread = rclr, 0", "onread = rset, 255", "rclr, 0", "rset, 255", "onread = ruser, 53"})
    void readReturnsTheValueBeforeItsSideEffect(String property, int after) {
        LiveRegisters registers = Live.field("sw = rw; " + property + ";", OLD);
        assertThat(registers.read(0, 4)).isEqualTo(OLD);
        assertThat(registers.peek(0, 4)).isEqualTo(after);
    }

    @Test
    void peekHasNoSideEffect() {
        LiveRegisters registers = Live.field("sw = r; onread = rclr;", OLD);
        registers.peek(0, 4);
        assertThat(registers.read(0, 4)).isEqualTo(OLD);
    }

    @Test
    void oldSpellingsOfWriteSideEffectsMeanTheSame() {
        LiveRegisters clear = Live.field("woclr;", OLD);
        clear.write(0, 4, DATA);
        assertThat(clear.peek(0, 4)).isEqualTo(OLD & ~DATA);
        LiveRegisters set = Live.field("woset;", OLD);
        set.write(0, 4, DATA);
        assertThat(set.peek(0, 4)).isEqualTo(OLD | DATA);
    }

    @ParameterizedTest
    @CsvSource({"rw1", "w1"})
    void onlyTheFirstWriteAfterAResetCounts(String sw) {
        LiveRegisters registers = Live.field("sw = " + sw + ";", 0);
        registers.write(0, 4, 1);
        registers.write(0, 4, 2);
        assertThat(registers.peek(0, 4)).isEqualTo(1);
        registers.reset();
        registers.write(0, 4, 2);
        assertThat(registers.peek(0, 4)).isEqualTo(2);
    }

    @Test
    void singlePulseIsSeenByTheHookAndGoneAfterIt() {
        LiveRegisters registers = Live.registers("reg { field { singlepulse; } start[0:0] = 0; field {} keep[8:8] = 0; } reg0 @0;");
        List<Long> seen = new ArrayList<>();
        registers.afterWrite(0, (address, old, written, now) -> {
            seen.add(now);
            seen.add(registers.peek(0, 4));
        });
        registers.write(0, 4, 0x101);
        assertThat(seen).containsExactly(0x101L, 0x101L);
        assertThat(registers.read(0, 4)).isEqualTo(0x100);
    }

    @Test
    void writeHookIsToldOldWrittenAndNewValue() {
        LiveRegisters registers = Live.field("sw = rw; onwrite = woclr;", OLD);
        List<Long> seen = new ArrayList<>();
        registers.afterWrite(0, (address, old, written, now) -> seen.addAll(List.of(address, old, written, now)));
        registers.write(0, 4, DATA);
        assertThat(seen).containsExactly(0L, (long) OLD, (long) DATA, (long) (OLD & ~DATA));
    }

    @Test
    void readHookDrivesWhatTheReadThenSees() {
        LiveRegisters registers = Live.field("sw = r; hw = w;", 0);
        registers.beforeRead(0, address -> registers.drive(address, 4, 77));
        assertThat(registers.read(0, 4)).isEqualTo(77);
    }

    @Test
    void softwareModifyPulsesOnWritesAndOnReadsWithSideEffect() {
        LiveRegisters registers = Live.registers(
                "reg { field { swmod; } a[3:0] = 0; field { swmod; rclr; } b[7:4] = 5; field { swacc; } c[11:8] = 0; } reg0 @0;");
        List<String> events = new ArrayList<>();
        registers.onModify(0, (address, mask) -> events.add("mod " + mask));
        registers.onAccess(0, (address, mask) -> events.add("acc " + mask));
        registers.read(0, 4);
        registers.write(0, 4, 0);
        assertThat(events).containsExactly("acc 3840", "mod 240", "acc 3840", "mod 255");
    }

    @Test
    void softwareWriteCountsOnlyWhileWriteEnableIsOn() {
        LiveRegisters registers = Live.registers("""
                reg { field {} unlock[0:0] = 0; field {} lock[1:1] = 0; } control @0;
                reg { field {} value[7:0] = 0; } a @4;
                reg { field {} value[7:0] = 0; } b @8;
                a.value->swwe = control.unlock;
                b.value->swwel = control.lock;
                """);
        registers.write(4, 4, 1);
        registers.write(8, 4, 1);
        assertThat(registers.read(4, 4)).isZero();
        assertThat(registers.read(8, 4)).isEqualTo(1);
        registers.write(0, 4, 0b11);
        registers.write(4, 4, 2);
        registers.write(8, 4, 2);
        assertThat(registers.read(4, 4)).isEqualTo(2);
        assertThat(registers.read(8, 4)).isEqualTo(1);
    }

    @Test
    void writeEnableOfAMereFlagIsAPin() {
        LiveRegisters registers = Live.field("swwe;", 0);
        registers.write(0, 4, 1);
        assertThat(registers.read(0, 4)).isZero();
        registers.signal("reg0.f->swwe", 1);
        registers.write(0, 4, 1);
        assertThat(registers.read(0, 4)).isEqualTo(1);
    }

    @Test
    void accessThatTheRegisterDoesNotTakeIsRefused() {
        LiveRegisters registers = Live.registers("reg { regwidth = 64; field {} v[63:0] = 0; } reg0 @8;"
                + "reg { regwidth = 32; accesswidth = 16; field {} v[31:0] = 0; } n @16;");
        assertThatThrownBy(() -> registers.read(0, 4)).isInstanceOf(UnmappedRegisterException.class)
                .hasMessageContaining("at 0x0: there is no register");
        assertThatThrownBy(() -> registers.read(8, 4)).hasMessageContaining("takes aligned accesses of 8 bytes");
        assertThatThrownBy(() -> registers.write(16, 8, 0)).hasMessageContaining("2 to 4 bytes");
        assertThatThrownBy(() -> registers.read(17, 2)).isInstanceOf(UnmappedRegisterException.class);
        assertThatThrownBy(() -> registers.read(-4, 4)).isInstanceOf(UnmappedRegisterException.class);
        assertThatThrownBy(() -> registers.read(1L << 40, 4)).isInstanceOf(UnmappedRegisterException.class);
    }

    @Test
    void narrowAccessTouchesItsBytesOnly() {
        LiveRegisters registers = Live
                .registers("reg { accesswidth = 8; field {} low[15:0] = 0x1122; field { woclr; } high[31:16] = 0xffff; } reg0 @0;");
        registers.write(1, 1, 0x99);
        registers.write(2, 2, 0x0f0f);
        assertThat(registers.read(0, 4)).isEqualTo(0xf0f0_9922L);
        assertThat(registers.read(3, 1)).isEqualTo(0xf0);
    }

    @Test
    void wideRegisterIsAccessedWordByWord() {
        LiveRegisters registers = Live.registers("reg { regwidth = 128; accesswidth = 32; field {} v[127:0] = 0; } reg0 @0x10;");
        registers.write(0x10, 8, 0x1111_2222_3333_4444L);
        registers.write(0x1c, 4, 0x5555_6666L);
        assertThat(registers.read(0x10, 8)).isEqualTo(0x1111_2222_3333_4444L);
        assertThat(registers.read(0x18, 8)).isEqualTo(0x5555_6666_0000_0000L);
    }

    @Test
    void arraysAreLaidOutByStride() {
        LiveRegisters registers = Live.registers("regfile { reg { field {} v[7:0] = 0; } reg0[2][3] += 8; } f[2] @0x100 += 0x100;");
        registers.write(0x200 + 5 * 8, 4, 42);
        assertThat(registers.read(0x200 + 5 * 8, 4)).isEqualTo(42);
        assertThat(registers.read(0x100 + 5 * 8, 4)).isZero();
        assertThatThrownBy(() -> registers.read(0x104, 4)).isInstanceOf(UnmappedRegisterException.class);
    }

    @Test
    void readOnlyAndWriteOnlyRegisterShareAnAddress() {
        LiveRegisters registers = Live.registers("reg { field { sw = r; hw = w; } v[7:0] = 5; } status @0;"
                + "reg { field { sw = w; hw = r; } v[7:0] = 0; } command @0;");
        List<Long> written = new ArrayList<>();
        registers.afterWrite(0, (address, old, data, now) -> written.add(now));
        registers.write(0, 4, 9);
        assertThat(registers.read(0, 4)).isEqualTo(5);
        assertThat(written).containsExactly(9L);
    }

    @Test
    void aliasSharesTheValueAndHasItsOwnAccess() {
        LiveRegisters registers = Live.registers("""
                reg plain { field {} v[7:0] = 0; };
                reg clearing { field { woclr; } v[7:0] = 0; };
                plain p @0; alias p clearing c @4;
                """);
        registers.write(0, 4, 0xff);
        registers.write(4, 4, 0x0f);
        assertThat(registers.read(0, 4)).isEqualTo(0xf0);
        assertThat(registers.read(4, 4)).isEqualTo(0xf0);
    }
}
