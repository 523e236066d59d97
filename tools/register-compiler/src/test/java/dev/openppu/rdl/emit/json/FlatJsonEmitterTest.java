package dev.openppu.rdl.emit.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.emit.Golden;
import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A line for every register. */
class FlatJsonEmitterTest {

    private static List<String> lines(AddressMap map) {
        return Golden.text(map, new FlatJsonEmitter()::emit).lines().toList();
    }

    @Test
    void linesAreTheGoldenOnes() {
        Golden.check(String.join("\n", lines(Golden.uart())) + "\n", "json/uart.flat.jsonl");
    }

    @Test
    void everyLineFitsTheSchema() {
        assertThat(lines(Golden.uart())).allSatisfy(line -> assertThat(Schemas.errors(Schemas.LINE, line)).isEmpty());
    }

    @Test
    void everyElementHasALineWithItsAddress() {
        List<String> lines = lines(Rdl.top("regfile { reg { field {} f; } x[2][2]; } b[2] @0x100 += 0x20; reg { field {} f; } z @0x200;"));
        assertThat(lines).extracting(line -> line.replaceAll("\\{\"path\":\"([^\"]*)\",\"address\":(\\d+),.*", "$1@$2"))
                .containsExactly("top.b[0].x[0][0]@256", "top.b[0].x[0][1]@260", "top.b[0].x[1][0]@264", "top.b[0].x[1][1]@268",
                        "top.b[1].x[0][0]@288", "top.b[1].x[0][1]@292", "top.b[1].x[1][0]@296", "top.b[1].x[1][1]@300", "top.z@512");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''  | "sw":"rw","hw":"rw","onread":null,"onwrite":null,"singlepulse":false,"counter":false,"intr":null
            sw = wr; hw = na; | "sw":"rw","hw":"na","onread":null
            rclr; | "onread":"rclr","onwrite":null
            rset; | "onread":"rset"
            woclr; | "onwrite":"woclr"
            woset; | "onwrite":"woset"
            onwrite = wzt; onread = ruser; | "onread":"ruser","onwrite":"wzt"
            reset = 5; | "reset":5,
            intr; | "intr":"level"
            negedge intr; | "intr":"negedge"
            counter; | "counter":true
            swmod; hwclr; | "properties":{"swmod":true,"hwclr":true}
            """)
    void fieldsHaveTheirEffectiveValues(String assignments, String expected) {
        assertThat(lines(Rdl.top("external reg { field { " + assignments + " } f[2:0]; } x;"))).singleElement().asString()
                .contains(expected);
    }

    @Test
    void resetOfARegisterThatHasNoneIsNull() {
        assertThat(lines(Rdl.top("reg { field {} f; } x;"))).singleElement().asString().contains("\"reset\":null,\"resetmask\":null,");
        assertThat(lines(Rdl.top("reg { field {} f; field {} g = 0; } x;"))).singleElement().asString()
                .contains("\"reset\":0,\"resetmask\":2,");
    }

    @Test
    void referencesAreAbsolute() {
        assertThat(lines(Rdl.top("regfile { reg { field {} e; } en; reg { field { intr; } i; } st; st.i->enable = en.e; } b[2];")))
                .element(3).asString().contains("\"enable\":\"top.b[1].en.e\"");
    }

    @Test
    void resetFromElsewhereIsNamed() {
        assertThat(lines(Rdl.top("reg { field {} from = 1; field {} to; to->reset = from; } x;"))).singleElement().asString()
                .contains("\"properties\":{\"reset\":\"top.x.from\"}");
    }

    @Test
    void numbersAreExactHoweverWide() {
        assertThat(lines(Rdl.top("reg { regwidth = 128; field {} f[127:0] = 128'hffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff; } x;")))
                .singleElement().asString().contains("\"reset\":340282366920938463463374607431768211455,");
    }

    @Test
    void aMillionRegistersAreWrittenWithoutBeingHeld() throws IOException {
        AddressMap map = Rdl.top("reg { field {} f[7:0] = 1; } x[1000000];");
        Counting out = new Counting();
        long before = used();
        new FlatJsonEmitter().emit(map, out);
        assertThat(out.lines).isEqualTo(1_000_000);
        assertThat(out.mostUsed - before).isLessThan(64L << 20);
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        runtime.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Counts lines, and looks at the heap now and then. */
    private static final class Counting extends Writer {
        private int lines;
        private int writes;
        private long mostUsed;

        @Override
        public void write(char[] buffer, int from, int length) {
            for (int i = from; i < from + length; i++) {
                lines += buffer[i] == '\n' ? 1 : 0;
            }
            if (++writes % 10_000 == 0) {
                mostUsed = Math.max(mostUsed, used());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
