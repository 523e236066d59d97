package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.source.Warning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dialect of older files, which a switch takes, and only with it. */
class OlderDialectTest {

    private static Compilation compile(String text, boolean old) {
        return new RdlCompiler().add("t", text).oldDialect(old).compile();
    }

    private static AddressMap map(String text, String name) {
        assertThat(compile(text, false).succeeded()).isFalse();
        Compilation compilation = compile(text, true);
        assertThat(compilation.succeeded()).as(compilation.diagnostics().toString()).isTrue();
        return compilation.map(name);
    }

    @Test
    void propertiesThatNobodyDefinedAreTheUsers() {
        String text = """
                addrmap chip {
                    reg { category = STATE; sub_category = "INFO"; level_of = 3; sticky_one; field { sw = rw; hw = r; } f; } x;
                };
                """;
        AddressMap map = map(text, "chip");
        assertThat(Rdl.node(map, "x").properties().text("category")).isEqualTo("STATE");
        assertThat(Rdl.node(map, "x").properties().text("sub_category")).isEqualTo("INFO");
        assertThat(Rdl.node(map, "x").properties().number("level_of", 0)).isEqualTo(3);
        assertThat(Rdl.node(map, "x").properties().is("sticky_one")).isTrue();
        assertThat(compile(text, true).diagnostics()).hasSize(4).allMatch(each -> each.warning() == Warning.NOT_STANDARD);
    }

    @Test
    void interfacesOfAnotherToolAreReadOver() {
        AddressMap map = map("""
                reg t { field { sw = rw; hw = r; } f; };
                addrmap chip { external(SERIAL8_D1) t x; external(PARALLEL opt=YES) t y @ 0x10; };
                """, "chip");
        assertThat((Addressable) Rdl.node(map, "y")).satisfies(y -> {
            assertThat(y.placement().external()).isTrue();
            assertThat(y.offset()).isEqualTo(0x10);
        });
    }

    @Test
    void referencesMayNameWhatStandsAroundTheInstance() {
        AddressMap map = map("""
                regfile bank { reg { field { sw = rw; hw = r; resetsignal = soft; } f; } x; };
                addrmap chip { signal { activelow; } soft; bank b; };
                """, "chip");
        assertThat(Rdl.field(map, "b.x.f").properties().reference("resetsignal")).hasToString("soft");
    }

    @ParameterizedTest
    @ValueSource(strings = {"addrmap { reg { field {} f; } x; } chip;", "addrmap chip_map { reg { field {} f; } x; } chip;"})
    void rootMapsAreCalledLikeTheirInstance(String text) {
        assertThat(compile(text, true).maps()).containsOnlyKeys("chip");
    }

    @Test
    void parametersOfAnotherToolAreReadOverInAnyCase() {
        Compilation compilation = compile("""
                <PARMS>
                output "thing { a = 'b' // c
                </PARMS>
                addrmap chip { reg { field {} f; } x; };
                """, false);
        assertThat(compilation.maps()).containsOnlyKeys("chip");
        assertThat(compilation.diagnostics()).singleElement().asString()
                .contains("t:1:1: warning: another tool's parameters are read over");
    }
}
