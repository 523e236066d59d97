package dev.openppu.rdl.emit.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.emit.Golden;
import dev.openppu.rdl.model.AddressMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tree that can be loaded again. */
class JsonEmitterTest {

    private static String emit(AddressMap map) {
        return Golden.text(map, new JsonEmitter()::emit);
    }

    @Test
    void treeFitsTheSchema() {
        assertThat(Schemas.errors(Schemas.TREE, emit(Golden.uart()))).isEmpty();
    }

    @Test
    void compactFormFitsTheSchemaToo() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Golden.uart().save(out);
        assertThat(Schemas.errors(Schemas.TREE, out.toString(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void treeIsTheGoldenOne() {
        Golden.check(emit(Golden.uart()), "json/uart.map.json");
    }

    @Test
    void treeIsLoadedBackTheSame() throws IOException {
        String json = emit(Golden.uart());
        AddressMap loaded = AddressMap.load(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        assertThat(loaded).isEqualTo(Golden.uart());
    }

    @Test
    void widestResetIsExact() throws IOException {
        AddressMap map = Rdl.top("reg { regwidth = 65536; field { reset = (1 << 65535) | 1; } f[65535:0]; } x;");
        BigInteger reset = Rdl.field(map, "x.f").reset();
        String json = emit(map);
        assertThat(json).contains("\"reset\" : " + reset);
        assertThat(AddressMap.load(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))).isEqualTo(map);
    }

    /** The schema is not one that takes anything. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            "version" : 1,     ; "version" : 2,
            "kind" : "reg",    ; "kind" : "register",
            "low" : 0,         ; "low" : -1,
            "low" : 0,         ; "lowest" : 0,
            "offset" : 4,      ;
            "name" : "ctrl",   ;
            "stride" : 4,      ;
            "keyword" : "rw1"  ; "word" : "rw1"
            """)
    void damagedTreeDoesNotFitTheSchema(String good, String bad) {
        String json = emit(Golden.uart());
        String damaged = json.replaceFirst(java.util.regex.Pattern.quote(good), bad == null ? "" : bad);
        assertThat(damaged).isNotEqualTo(json);
        assertThat(Schemas.errors(Schemas.TREE, damaged)).isNotEmpty();
    }
}
