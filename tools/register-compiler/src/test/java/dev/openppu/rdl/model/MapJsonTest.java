package dev.openppu.rdl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.rdl.Rdl;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps as data. */
class MapJsonTest {

    private static final String RICH = """
            signal { cpuif_reset; } rst;
            enum e { A = 1 { name = "An A"; desc = "First"; }; B = 64'hffff_ffff_ffff_ffff; };
            struct s { string label; e kinds[]; };
            property info { type = s; component = all; };
            property odd { type = ref; component = all; };
            addrmap top {
                name = "Rich \\"map\\""; addressing = compact; info = s'{label: "x", kinds: '{e::A, e::B}};
                external regfile { reg { regwidth = 64; field { encode = e; resetsignal = rst; sw = r; hw = w; } f[63:0] = 1; signal {} inner; } x[2][3] += 16; } g[4] @0x100;
                reg { field { intr; } i; } raw; reg { field {} i; } gate; raw.i->enable = gate.i; raw.i->odd = g[2].x[1][2].f->reset;
                external mem { mementries = 16; memwidth = 8; } m @0x1000;
                msb0; reg { field {} a[0:3]; } big;
            };
            """;

    private static byte[] bytes(AddressMap map) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        map.save(out);
        return out.toByteArray();
    }

    private static AddressMap load(byte[] bytes) throws IOException {
        return AddressMap.load(new ByteArrayInputStream(bytes));
    }

    @Test
    void whatIsWrittenIsReadBackTheSame() throws IOException {
        AddressMap map = Rdl.map(RICH);
        assertThat(load(bytes(map))).isEqualTo(map);
        assertThat(bytes(load(bytes(map)))).isEqualTo(bytes(map));
    }

    @Test
    void formIsTheDocumentedOne() throws IOException {
        AddressMap map = Rdl.top("enum e { A = 1; }; reg { field { encode = e; sw = r; } f[3:0] = 1; } x[2] @4;");
        assertThat(new String(bytes(map), StandardCharsets.UTF_8)).isEqualTo(
                """
                {"format":"openppu-register-map","version":1,"enums":[{"name":"e","entries":[{"name":"A","value":1}]}],\
                "map":{"kind":"addrmap","name":"top","type":"top","offset":0,"size":12,"children":[\
                {"kind":"reg","name":"x","type":"x","offset":4,"dims":[2],"stride":4,"fields":[\
                {"kind":"field","name":"f","type":"f","low":0,"width":4,"properties":{"encode":{"enum":0},"sw":{"keyword":"r"},"reset":1}}]}]}}""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "null", "{\"format\":\"other\"}", "{\"format\":\"openppu-register-map\",\"version\":2}",
        "{\"format\":\"openppu-register-map\",\"version\":1}",
        "{\"format\":\"openppu-register-map\",\"version\":1,\"map\":{\"kind\":\"reg\",\"name\":\"x\"}}",
        "{\"format\":\"openppu-register-map\",\"version\":1,\"map\":{\"kind\":\"thing\"}}",
        "{\"format\":\"openppu-register-map\",\"version\":1,\"map\":{\"kind\":\"addrmap\",\"children\":5}}"})
    void damageIsAnIoException(String json) {
        assertThatThrownBy(() -> load(json.getBytes(StandardCharsets.UTF_8))).isInstanceOf(IOException.class)
                .hasMessageNotContainingAny("Source:", "tools.jackson", "java.", "dev.openppu");
    }

    @Test
    void anyFlippedByteIsReadOrRefused() throws IOException {
        byte[] good = bytes(Rdl.map(RICH));
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(128);
            try {
                load(bad);
            } catch (IOException expected) {
                assertThat(expected).hasMessageContaining("JSON");
            }
        }
    }
}
