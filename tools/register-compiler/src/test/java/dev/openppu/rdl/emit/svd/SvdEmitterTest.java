package dev.openppu.rdl.emit.svd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.emit.Golden;
import dev.openppu.rdl.emit.RandomDescription;
import dev.openppu.rdl.model.AddressMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** CMSIS-SVD as its schema wants it. */
class SvdEmitterTest {

    private static String emit(AddressMap map) {
        return Golden.text(map, new SvdEmitter()::emit);
    }

    private static String flat(AddressMap map) {
        return emit(map).replaceAll(">\\s+<", "><");
    }

    @Test
    void documentIsTheGoldenOne() {
        Golden.check(emit(Golden.uart()), "svd/uart.svd");
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomMapsKeepTheRulesOfTheSchema(long seed) {
        assertThat(SvdRules.violations(emit(Rdl.map(RandomDescription.of(seed))))).isEmpty();
    }

    @Test
    void goldenDocumentKeepsTheRulesOfTheSchema() {
        assertThat(SvdRules.violations(emit(Golden.uart()))).isEmpty();
    }

    /** The rules are not such that anything keeps them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <bitOffset>0</bitOffset>          | <bitOffset>zero</bitOffset>
            <bitOffset>0</bitOffset>          |
            <access>read-write</access>       | <access>rw</access>
            <name>ctrl</name>                 | <name>c t r l</name>
            <name>ctrl</name>                 | <name>status</name>
            <dim>6</dim>                      |
            <usage>registers</usage>          | <usage>register</usage>
            <version>1.0</version>            |
            <size>32</size>                   | <size>32</size><size>32</size>
            <value>1</value>                  | <value>one</value>
            """)
    void damagedDocumentBreaksARule(String good, @Nullable String bad) {
        String document = emit(Golden.uart());
        String damaged = document.replaceFirst(java.util.regex.Pattern.quote(good), bad == null ? "" : bad);
        assertThat(damaged).isNotEqualTo(document);
        assertThat(SvdRules.violations(damaged)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sw = r; hw = w;  | <access>read-only</access>
            sw = w; hw = r;  | <access>write-only</access>
            sw = rw1;        | <access>read-writeOnce</access>
            sw = w1;         | <access>writeOnce</access>
            woclr;           | <modifiedWriteValues>oneToClear</modifiedWriteValues>
            onwrite = wzt;   | <modifiedWriteValues>zeroToToggle</modifiedWriteValues>
            rclr;            | <readAction>clear</readAction>
            reset = 3;       | <resetValue>0x30</resetValue><resetMask>0xF0</resetMask>
            """)
    void fieldSaysWhatItDoes(String assignments, String expected) {
        assertThat(flat(Rdl.top("reg { field { " + assignments + " } f[7:4]; } x;"))).contains(expected);
    }

    @Test
    void aWideRegisterIsSplitIntoWords() {
        assertThat(flat(Rdl.top("reg { regwidth = 128; accesswidth = 64; field {} a[99:0] = 5; field {} b[127:120]; } x[3];")))
                .contains("<dim>3</dim><dimIncrement>0x10</dimIncrement><name>x_0[%s]</name>",
                        "<name>a_63_0</name><bitOffset>0</bitOffset><bitWidth>64</bitWidth>",
                        "<addressOffset>0x8</addressOffset>",
                        "<name>a_99_64</name><bitOffset>0</bitOffset><bitWidth>36</bitWidth>",
                        "<name>b</name><bitOffset>56</bitOffset><bitWidth>8</bitWidth>");
    }

    @Test
    void aSecondDescriptionOfAnAddressNamesTheFirst() {
        assertThat(flat(Rdl.top("reg { field { sw = r; } f; } in @0x10; reg { field { sw = w; } f; } out @0x10;")))
                .contains("<alternateRegister>in</alternateRegister>");
    }

    @Test
    void textsAreEscapedAndNotWrittenWhereThereAreNone() {
        assertThat(flat(Rdl.top("reg { desc = \"\"; field { desc = \"<a> & \u0001b\"; } f; } x;")))
                .contains("<name>x</name><addressOffset>", "<description>&lt;a&gt; &amp; b</description>");
    }
}
