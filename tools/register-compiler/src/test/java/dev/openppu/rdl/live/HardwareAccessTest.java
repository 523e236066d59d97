package dev.openppu.rdl.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hardware's port, resets and counters. */
class HardwareAccessTest {

    @ParameterizedTest
    @CsvSource({"rw, 9", "w, 9", "r, 5", "na, 5"})
    void driveStoresWhatHardwareMayWrite(String hw, int expected) {
        LiveRegisters registers = Live.field("sw = r; hw = " + hw + ";", 5);
        registers.drive(0, 4, 9);
        assertThat(registers.peek(0, 4)).isEqualTo(expected);
    }

    @Test
    void driveLeavesBitsWithoutFieldAlone() {
        LiveRegisters registers = Live.field("hw = rw;", 0);
        registers.drive(0, 4, 0xffff_ffffL);
        assertThat(registers.peek(0, 4)).isEqualTo(0xff);
    }

    @ParameterizedTest
    @CsvSource({"we, 0, 0", "we, 1, 7", "wel, 0, 7", "wel, 1, 0"})
    void loadEnableHoldsHardwareBack(String property, int level, int expected) {
        LiveRegisters registers = Live
                .registers("signal {} load; reg { field { hw = rw; } f[7:0] = 0; } reg0 @0; reg0.f->" + property + " = load;");
        registers.signal("load", level);
        registers.drive(0, 4, 7);
        assertThat(registers.peek(0, 4)).isEqualTo(expected);
    }

    @Test
    void setPinOnlySetsAndClearPinOnlyClears() {
        LiveRegisters set = Live.field("hw = rw; hwset;", 0b0011);
        set.drive(0, 4, 0b0101);
        assertThat(set.peek(0, 4)).isEqualTo(0b0111);
        LiveRegisters clear = Live.field("hw = rw; hwclr;", 0b0011);
        clear.drive(0, 4, 0b0101);
        assertThat(clear.peek(0, 4)).isEqualTo(0b0001);
        LiveRegisters both = Live.field("hw = rw; hwset; hwclr;", 0b0011);
        both.drive(0, 4, 0b0101);
        assertThat(both.peek(0, 4)).isEqualTo(0b0101);
    }

    @Test
    void pinsAreAssertedByMask() {
        LiveRegisters registers = Live
                .registers("reg { field { hwset; } a[3:0] = 0; field { hwclr; } b[7:4] = 0xf; field {} c[11:8] = 0; } reg0 @0;");
        registers.set(0, 0xfff);
        assertThat(registers.peek(0, 4)).isEqualTo(0xff);
        registers.clear(0, 0xfff);
        assertThat(registers.peek(0, 4)).isEqualTo(0x0f);
    }

    @Test
    void setAndClearFollowWhatTheyReferTo() {
        LiveRegisters registers = Live.registers("""
                signal {} s; signal {} c;
                reg { field {} f[3:0] = 5; } reg0 @0;
                reg0.f->hwset = s; reg0.f->hwclr = c;
                """);
        registers.signal("s", 1);
        assertThat(registers.peek(0, 4)).isEqualTo(15);
        registers.pulse("c");
        assertThat(registers.peek(0, 4)).as("set wins while it lasts").isEqualTo(15);
        registers.write(0, 4, 0);
        assertThat(registers.peek(0, 4)).as("it sets again").isEqualTo(15);
        registers.signal("s", 0);
        registers.pulse("c");
        assertThat(registers.peek(0, 4)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"hwenable, 12, 12", "hwmask, 12, 3"})
    void singleBitsAreHeldBack(String property, int mask, int expected) {
        LiveRegisters registers = Live.registers("reg { field { hw = rw; } f[3:0] = 0; } reg0 @0; reg { field {} m[3:0] = 0; } bits @4;"
                + "reg0.f->" + property + " = bits.m;");
        registers.write(4, 4, mask);
        registers.drive(0, 4, 15);
        assertThat(registers.peek(0, 4)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"sw, 1", "hw, 2"})
    void precedenceDecidesAConflictInOneCycle(String precedence, int expected) {
        LiveRegisters registers = Live.field("hw = rw; precedence = " + precedence + ";", 0);
        registers.writeWhileDriving(0, 4, 1, 2);
        assertThat(registers.peek(0, 4)).isEqualTo(expected);
    }

    @Test
    void nextFollowsItsSource() {
        LiveRegisters registers = Live.registers("reg { field {} v[3:0] = 0; } a @0; reg { field { sw = r; hw = w; } v[3:0] = 0; } b @4;"
                + "b.v->next = a.v;");
        registers.write(0, 4, 6);
        assertThat(registers.read(4, 4)).isEqualTo(6);
    }

    // ---- resets

    private static final String DOMAINS = """
            signal { cpuif_reset; } any_rst; signal {} cold_rst;
            reg { field {} a[7:0] = 1; field { resetsignal = cold_rst; } b[15:8] = 2; field {} c[23:16]; field { resetsignal = any_rst; } d[31:24] = 4; } reg0 @0;
            """;

    @ParameterizedTest
    @CsvSource({"any_rst, 04ffff01", "cold_rst, ffff02ff", "function, 04ffff01"})
    void resetTouchesItsOwnDomainOnly(String signal, String expected) {
        LiveRegisters registers = Live.registers(DOMAINS);
        registers.write(0, 4, 0xffff_ffffL);
        registers.reset(signal);
        assertThat(registers.peek(0, 4)).isEqualTo(Long.parseLong(expected, 16));
    }

    @Test
    void powerOnResetsEverythingThatHasAResetValue() {
        LiveRegisters registers = Live.registers(DOMAINS);
        registers.write(0, 4, 0xffff_ffffL);
        registers.reset();
        assertThat(registers.peek(0, 4)).isEqualTo(0x04ff_0201L);
    }

    @Test
    void firstWriteIsFreeAgainOnlyInTheDomainThatWasReset() {
        LiveRegisters registers = Live.registers("signal { cpuif_reset; } any_rst; signal {} cold_rst;"
                + "reg { field { sw = rw1; } a[7:0] = 0; field { sw = rw1; resetsignal = cold_rst; } b[15:8] = 0; } reg0 @0;");
        registers.write(0, 4, 0x0101);
        registers.reset("any_rst");
        registers.write(0, 4, 0x0202);
        assertThat(registers.peek(0, 4)).isEqualTo(0x0102);
    }

    @Test
    void resetValueCanComeFromAnotherField() {
        LiveRegisters registers = Live
                .registers("reg { field {} v[7:0] = 0x5a; } strap @0; reg { field {} v[7:0]; } reg0 @4; reg0.v->reset = strap.v;");
        assertThat(registers.read(4, 4)).isEqualTo(0x5a);
    }

    // ---- counters

    @ParameterizedTest
    @CsvSource({"'', 255, 0", "'incrvalue = 3;', 254, 1", "'incrsaturate;', 255, 255", "'incrvalue = 3; incrsaturate;', 254, 255",
        "'saturate = 100;', 100, 100", "'saturate = 100; incrvalue = 8;', 95, 100", "'saturate = 100;', 200, 100"})
    void incrementWrapsOrSaturates(String properties, int before, int after) {
        LiveRegisters registers = Live.field("counter; " + properties, before);
        registers.increment(0, "f");
        assertThat(registers.peek(0, 4)).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource({"'', 0, 255", "'decrvalue = 3;', 1, 254", "'decrsaturate;', 0, 0", "'decrvalue = 3; decrsaturate;', 2, 0",
        "'decrsaturate = 10;', 10, 10", "'decrsaturate = 10; decrvalue = 8;', 12, 10"})
    void decrementWrapsOrSaturates(String properties, int before, int after) {
        LiveRegisters registers = Live.field("counter; " + properties, before);
        registers.decrement(0, "f");
        assertThat(registers.peek(0, 4)).isEqualTo(after);
    }

    @Test
    void counterCountsOnASignalAndCarriesIntoTheNext() {
        LiveRegisters registers = Live.registers("""
                signal {} tick;
                reg { field { counter; } low[1:0] = 0; field { counter; } high[3:2] = 0; } reg0 @0;
                reg0.low->incr = tick; reg0.high->incr = reg0.low->overflow;
                """);
        for (int i = 0; i < 6; i++) {
            registers.pulse("tick");
        }
        assertThat(registers.peek(0, 4)).isEqualTo(0b0110);
    }

    @Test
    void thresholdIsALevelThatOthersCanFollow() {
        LiveRegisters registers = Live.registers("""
                reg { field { counter; incrthreshold = 3; } n[7:0] = 0; } c @0;
                reg { field {} hit[0:0] = 0; } reg0 @4;
                reg0.hit->hwset = c.n->incrthreshold;
                """);
        registers.increment(0, "n");
        registers.increment(0, "n");
        assertThat(registers.peek(4, 4)).isZero();
        registers.increment(0, "n");
        assertThat(registers.peek(4, 4)).isEqualTo(1);
    }

    @Test
    void whatDoesNotExistIsNamed() {
        LiveRegisters registers = Live.field("", 0);
        assertThatThrownBy(() -> registers.increment(0, "f")).hasMessageContaining("no counter 'f'");
        assertThatThrownBy(() -> registers.signal("nowhere", 1)).hasMessageContaining("'nowhere'");
        assertThatThrownBy(() -> registers.onInterrupt(0, (address, level) -> {})).hasMessageContaining("no interrupt field");
    }
}
