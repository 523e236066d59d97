package dev.openppu.rdl.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.model.AddressMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From paths and addresses to places. */
class LocatorTest {

    private static final AddressMap MAP = Rdl.top("""
            signal {} go;
            reg word { field {} low[7:0] = 0; field {} high[15:8] = 0; };
            regfile block { word one @0; word many[2][3] @0x10 += 8; };
            block blocks[4] @0x100 += 0x100;
            word even[8] @0x1000 += 8; word odd[8] @0x1004 += 8;
            reg { field { sw = r; hw = w; } v[31:0]; } status @0x2000;
            reg { field { sw = w; hw = r; } v[31:0]; } command @0x2000;
            external mem { mementries = 16; memwidth = 32; reg { field { hw = na; } v[31:0]; } head @0; } ram @0x4000;
            """);
    private final Locator locator = new Locator(MAP);

    @ParameterizedTest
    @CsvSource({"top, 0", "top.blocks[3].one, 400", "blocks[3].one, 400", "top.blocks[0x1].many[1][2], 238", "top.odd[7], 103c",
        "top.even[2].high, 1010", "top.ram.head, 4000", "top.go, 0"})
    void pathsLeadToAddresses(String path, String address) {
        LocatedNode found = locator.find(path);
        assertThat(found.address()).isEqualTo(Long.parseLong(address, 16));
        assertThat(locator.find(found.path())).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource({"top.blocks[4].one, 'an array, [4];'", "top.blocks.one, 'an array, [4];'", "top.blocks[1].many[1], 'an array, [2][3];'",
        "top.blocks[1].one[0], is no array", "top.blocks[1].two, has one", "top.even[0].low.x, nothing in it",
        "top..x, is no path", "top.even[-1], no number", "top.even[x], no number"})
    void whatDoesNotExistIsSaid(String path, String message) {
        assertThatThrownBy(() -> locator.find(path)).isInstanceOf(PathException.class).hasMessageContaining(message)
                .hasMessageContaining(path);
    }

    @Test
    void aPathWithoutIndicesStandsForTheFirstElementIfAnyWillDo() {
        assertThat(locator.findAny("top.blocks.many.high").path()).isEqualTo("top.blocks[0].many[0][0].high");
    }

    @ParameterizedTest
    @CsvSource({"0x100, top.blocks[0].one", "0x103, top.blocks[0].one", "0x238, 'top.blocks[1].many[1][2]'", "0x1000, top.even[0]",
        "0x1004, top.odd[0]", "0x103c, top.odd[7]", "0x4000, top.ram.head top.ram", "0x4004, top.ram", "0x403f, top.ram",
        "0x2000, top.command top.status"})
    void addressesLeadToRegisters(String address, String paths) {
        assertThat(locator.at(Long.decode(address))).extracting(LocatedNode::path).containsExactlyInAnyOrder(paths.split(" "));
    }

    @ParameterizedTest
    @CsvSource({"0x104", "0x114", "0x1040", "0x4040", "-4", "0x7fffffffffffffff"})
    void betweenRegistersThereIsNothing(String address) {
        assertThat(locator.at(Long.decode(address))).isEmpty();
    }

    @Test
    void theEffortDoesNotGrowWithTheElements() {
        Locator vast = new Locator(Rdl.top("reg { field {} v[31:0] = 0; } vast[0x40000000][0x100];"));
        assertThat(vast.find("top.vast[0x3fffffff][255]").address()).isEqualTo(0xff_ffff_fffcL);
        assertThat(vast.at(0xff_ffff_fffcL)).extracting(LocatedNode::path).containsExactly("top.vast[1073741823][255]");
    }
}
