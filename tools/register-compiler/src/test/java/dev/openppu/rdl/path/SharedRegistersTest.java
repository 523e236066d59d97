package dev.openppu.rdl.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.model.AddressMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which registers of several maps are one. */
class SharedRegistersTest {
    private static final AddressMap MAP = Rdl.top("""
            reg status { shared; field {} s[7:0] = 1; };
            reg several { shared; field {} s[7:0] = 2; };
            reg own { field {} s[7:0] = 3; };
            addrmap sub { reg { shared; field {} s[7:0]; } common; reg { shared; field {} s[7:0]; } pair[2]; regfile { several x; } f[2] @0x20; };
            addrmap { status ahb_stat; several a @4; several b @8; own o @12; reg { shared; field {} s[7:0]; } like @0x10; } ahb @0;
            addrmap { status axi_stat @0x10; several b @4; several c @8; own o @12; reg { shared; field {} s[7:0]; } like @0x14; } axi @0x100;
            sub s0 @0x200;
            sub s1[2] @0x400 += 0x100;
            status here @0x1000;
            """);

    @ParameterizedTest
    @CsvSource({"ahb.ahb_stat, ahb.ahb_stat", "axi.axi_stat, ahb.ahb_stat", "here, ahb.ahb_stat", // one of a type in each: whatever it is called
        "ahb.b, ahb.b", "axi.b, ahb.b", "ahb.a, ahb.a", "axi.c, axi.c", // several of a type: by their paths
        "axi.o, axi.o", "axi.like, axi.like", // not shared; other components that are alike
        "s0.common, s0.common", "s1[0].common, s0.common", "s1[1].common, s0.common", "s1[1].pair[1], s0.pair[1]",
        "s1[1].f[1].x, s0.f[1].x", "s0.f[0].x, s0.f[0].x"})
    void oneOfAllThatAreOneKeepsTheValue(String shown, String kept) {
        Locator locator = new Locator(MAP);
        assertThat(new SharedRegisters(MAP).storage(locator.find(shown))).isEqualTo(locator.find(kept));
    }

    @Test
    void anAliasOfASharedRegisterIsNoOtherStorage() {
        AddressMap map = Rdl.top("reg t { shared; field {} f[8]; }; addrmap m { t a; alias a t b @4; }; m x; m y @0x10;");
        Locator locator = new Locator(map);
        assertThat(new SharedRegisters(map).storage(locator.find("y.b"))).isEqualTo(locator.find("y.b"));
        assertThat(new SharedRegisters(map).storage(locator.find("y.a"))).isEqualTo(locator.find("x.a"));
    }
}
