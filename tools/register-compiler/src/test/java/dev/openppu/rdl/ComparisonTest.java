package dev.openppu.rdl;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Comparisons, reductions and the edges of widths. */
class ComparisonTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(quoteCharacter = '`', delimiter = ';', textBlock = """
            1 < 1; 0
            1 < 2; 1
            1 <= 1; 1
            2 <= 1; 0
            2 > 1; 1
            1 > 1; 0
            1 >= 1; 1
            0 >= 1; 0
            2 >= 1; 1
            1 != 1; 0
            1 != 2; 1
            "a" == "a"; 1
            "a" == "b"; 0
            "a" != "b"; 1
            rw == rw; 1
            rw == r; 0
            true == 1; 1
            true == false; 0
            (true ? 2 : 3) == 2; 1
            (false ? 2 : 3) == 2; 0
            -1 == 64'hffffffffffffffff; 1
            ~0 == 64'hffffffffffffffff; 1
            !0 == 1; 1
            8'hff + 8'h01 == 9'h100; 1
            8'hff + 8'h01 == 8'h00; 1
            64'hffffffffffffffff + 1 == 0; 1
            (1 == 1) == (2 == 2); 1
            1 << 63 == 64'h8000000000000000; 1
            1 << 64; 0
            64'h8000000000000000 >> 63; 1
            1 >> 4294967296; 0
            ^4'b0111; 1
            ^4'b0110; 0
            ~^4'b0110; 1
            ~^4'b0111; 0
            ^~4'b0111; 0
            &4'b1111; 1
            &4'b1110; 0
            ~&4'b1111; 0
            |4'b0000; 0
            ~|4'b0000; 1
            1 && 0; 0
            1 && 2; 1
            0 || 0; 0
            0 || 2; 1
            """)
    void expressionsAreEvaluated(String expression, long expected) {
        assertThat(Rdl.field(Rdl.top("reg { field {} a[31:0] = " + expression + "; } x;"), "x.a").reset())
                .isEqualTo(BigInteger.valueOf(expected));
    }
}
