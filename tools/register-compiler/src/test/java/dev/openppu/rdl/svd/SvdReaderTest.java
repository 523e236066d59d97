package dev.openppu.rdl.svd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.Compilation;
import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.compare.MapDiff;
import dev.openppu.rdl.emit.Golden;
import dev.openppu.rdl.emit.RandomDescription;
import dev.openppu.rdl.emit.svd.SvdEmitter;
import dev.openppu.rdl.model.Access;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Expansion;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.RegisterInstance;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What vendors' files mean, and what happens with files that mean nothing. */
class SvdReaderTest {

    private static final String HEAD = "<device><name>C</name><peripherals><peripheral><name>P</name><baseAddress>0</baseAddress>";
    private static final String TAIL = "</peripheral></peripherals></device>";

    private static byte[] chip() {
        try (InputStream in = Objects.requireNonNull(SvdReaderTest.class.getResourceAsStream("chip.svd"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Compilation read(String text) {
        return new SvdReader().read("test.svd", text.getBytes(StandardCharsets.UTF_8));
    }

    private static AddressMap map(Compilation read) {
        assertThat(read.diagnostics()).isEmpty();
        return read.maps().values().iterator().next();
    }

    private static AddressMap chipMap() {
        return map(new SvdReader().read("chip.svd", chip()));
    }

    private static List<String> messages(String text) {
        return read(text).diagnostics().stream().map(Object::toString).toList();
    }

    @Test
    void registersStandWhereTheFileSays() {
        assertThat(Expansion.registers(chipMap()).filter(register -> register.path().startsWith("CHIP.TIMER0"))
                .map(register -> register.path() + " " + Long.toHexString(register.address()) + " " + register.register().width()))
                .containsExactly("CHIP.TIMER0.CR 40010000 32", "CHIP.TIMER0.SR 40010004 16", "CHIP.TIMER0.CR2 40010008 32",
                        "CHIP.TIMER0.CCR[0] 40010010 32", "CHIP.TIMER0.CCR[1] 40010014 32", "CHIP.TIMER0.CCR[2] 40010018 32",
                        "CHIP.TIMER0.CCR[3] 4001001c 32", "CHIP.TIMER0.ARR1_L 40010040 32", "CHIP.TIMER0.ARR2_L 40010050 32",
                        "CHIP.TIMER0.ARRX_L 40010060 32", "CHIP.TIMER0.DR 40010080 32", "CHIP.TIMER0.DR_W 40010080 32",
                        "CHIP.TIMER0.CH[0].CFG 40010100 32", "CHIP.TIMER0.CH[0].SUB.STAT 4001010c 16", "CHIP.TIMER0.CH[1].CFG 40010120 32",
                        "CHIP.TIMER0.CH[1].SUB.STAT 4001012c 16", "CHIP.TIMER0.EXTRA.CFG 40010180 32",
                        "CHIP.TIMER0.EXTRA.SUB.STAT 4001018c 16");
    }

    @Test
    void derivedPeripheralsHaveTheRegistersOfTheirBase() {
        assertThat(Expansion.registers(chipMap()).map(RegisterInstance::path).filter(path -> path.contains("TIMER1"))).hasSize(18);
        assertThat(Rdl.node(chipMap(), "TIMER1").typeName()).isEqualTo("TIMER0");
        assertThat(Rdl.register(chipMap(), "TIMER2.SR").offset()).isEqualTo(0xC);
        assertThat(Rdl.register(chipMap(), "TIMER2.MORE").offset()).isEqualTo(0x200);
    }

    @ParameterizedTest
    @CsvSource({"TIMER0.CR.EN,0,0,RW,0", "TIMER0.CR.MODE,1,3,RW,2", "TIMER0.CR.MODE2,4,6,RW,0", "TIMER0.CR.CHA,8,9,RW,0",
        "TIMER0.CR.CHD,14,15,RW,0",
        "TIMER0.CR.BUSY,31,31,R,1", "TIMER0.CR2.BUSY,31,31,R,", "TIMER0.DR.value,0,31,R,0", "TIMER0.DR_W.value,0,31,W1,0",
        "GPIO.IN.value,0,7,R,0"})
    void fieldsHaveTheirBitsAccessAndReset(String path, int low, int high, Access sw, @Nullable BigInteger reset) {
        Field field = Rdl.field(chipMap(), path);
        assertThat(List.of(field.low(), field.high(), field.sw())).containsExactly(low, high, sw);
        assertThat(field.reset()).isEqualTo(reset);
    }

    @Test
    void effectsComeFromTheFieldOrItsRegister() {
        assertThat(Rdl.field(chipMap(), "TIMER0.SR.IRQ").onWrite()).isEqualTo(OnWrite.WOCLR);
        assertThat(Rdl.field(chipMap(), "TIMER0.SR.FLAG").onWrite()).isEqualTo(OnWrite.NONE);
        assertThat(Rdl.field(chipMap(), "TIMER0.SR.FLAG").onRead()).isEqualTo(OnRead.RCLR);
    }

    @Test
    void aValueWithBitsThatDoNotMatterStandsForSeveral() {
        EnumType type = Objects.requireNonNull(Rdl.field(chipMap(), "TIMER0.CR.MODE").encode());
        assertThat(type.name()).isEqualTo("MODE_E");
        assertThat(type.entries()).extracting(entry -> entry.name() + "=" + entry.value()).containsExactly("OFF=0", "ON=2", "ON_6=6");
        assertThat(Rdl.field(chipMap(), "TIMER0.CR.MODE2").encode()).isEqualTo(type);
    }

    @Test
    void svdSurvivesSvd() {
        String again = Golden.text(chipMap(), new SvdEmitter()::emit);
        assertThat(MapDiff.between(chipMap(), map(read(again)))).isEmpty();
    }

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    /** Names of blocks and dimensions of arrays may differ; what software meets at an address may not. */
    @ParameterizedTest
    @MethodSource("seeds")
    void rdlSurvivesSvd(long seed) {
        AddressMap map = Rdl.map(RandomDescription.of(seed));
        assertThat(view(map(read(Golden.text(map, new SvdEmitter()::emit))))).isEqualTo(view(map));
    }

    private static List<String> view(AddressMap map) {
        return Expansion.registers(map)
                .map(instance -> instance.address() + " " + instance.register().width() + instance.register().fields().stream()
                        .map(field -> " " + field.name() + " " + field.mask() + " " + field.reset() + " " + field.sw() + field.onRead()
                                + field.onWrite()
                                + (field.encode() == null
                                        ? ""
                                        : field.encode().entries().stream().map(entry -> entry.name() + entry.value()).toList()))
                        .toList())
                .sorted().toList();
    }

    // ---- refusals

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <registers><register><addressOffset>0</addressOffset></register></registers> | this register has no name
            <registers><register><name>R</name></register></registers> | this register has no addressOffset
            <registers><register><name>R</name><addressOffset>zero</addressOffset></register></registers> | 'zero' is no number
            <registers><register><name>R</name><addressOffset>0</addressOffset><size>33</size></register></registers> | a register has 8, 16, 32, … bits, not 33
            <registers><register><name>R</name><addressOffset>0</addressOffset><access>rw</access></register></registers> | 'rw' is no access
            <registers><register derivedFrom="X"><name>R</name><addressOffset>0</addressOffset></register></registers> | there is no register 'X' to derive this from
            <registers><register derivedFrom="R"><name>S</name><addressOffset>0</addressOffset></register><register derivedFrom="S"><name>R</name><addressOffset>0</addressOffset></register></registers> | this register is derived from itself
            <registers><register><name>R</name><addressOffset>0</addressOffset><fields><field><name>F</name><bitRange>[32:31]</bitRange></field></fields></register></registers> | field 'F' has bits 32 to 31, but its register only 31 to 0
            <registers><register><name>R</name><addressOffset>0</addressOffset><fields><field><name>F</name></field></fields></register></registers> | this field has no bits
            <registers><register><dim>5000000000</dim><dimIncrement>4</dimIncrement><name>R%s</name><addressOffset>0</addressOffset></register></registers> | a list of 5000000000 instances is too long
            <registers><register><dim>2</dim><dimIncrement>0</dimIncrement><name>R[%s]</name><addressOffset>0</addressOffset></register></registers> | dim 2 with dimIncrement 0 makes no array
            <registers/> | this peripheral has no registers
            """)
    void whatMakesNoSenseIsRefused(String inPeripheral, String expected) {
        assertThat(messages(HEAD + inPeripheral + TAIL)).anySatisfy(message -> assertThat(message).endsWith("error: " + expected));
    }

    @Test
    void aFieldStaysWithoutTheNamesOfAnEnumerationThatIsMissing() {
        Compilation read = read(HEAD
                + "<registers><register><name>R</name><addressOffset>0</addressOffset><fields><field><name>F</name><bitOffset>0</bitOffset>"
                + "<enumeratedValues derivedFrom=\"X\"/></field></fields></register></registers>" + TAIL);
        assertThat(read.diagnostics()).singleElement().asString().contains("warning: there is no enumeratedValues 'X'");
        assertThat(Rdl.field(read.map("C"), "P.R.F").encode()).isNull();
    }

    @Test
    void messagesHaveTheirPlace() {
        assertThat(messages(
                HEAD + "\n<registers>\n  <register><name>R</name><addressOffset>?</addressOffset></register>\n</registers>" + TAIL))
                .containsExactly("test.svd:3:27: error: '?' is no number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no XML", "<device>", "<device></devise>", "<chip/>", "<device/>", "\u0000",
        "<!DOCTYPE device [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><device><name>&b;</name></device>",
        "<!DOCTYPE device [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><device><name>&f;</name></device>",
        "<!DOCTYPE device SYSTEM \"http://127.0.0.1:1/x.dtd\"><device/>", "<device><name>&nbsp;</name></device>"})
    void whatIsNoDeviceIsRefused(String text) {
        assertThat(read(text).diagnostics()).isNotEmpty().allMatch(diagnostic -> diagnostic.isError());
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(messages("<device>" + "<a>".repeat(100_000))).singleElement().asString().contains("nested");
    }

    @Test
    void aClusterThatContainsItselfIsRefused() {
        String cluster = "<cluster%s><name>%s</name><description>d</description><addressOffset>0</addressOffset>%s</cluster>";
        String a = String.format(cluster, "", "A", String.format(cluster, " derivedFrom=\"B\"", "X", ""));
        String b = String.format(cluster, "", "B",
                String.format(cluster, " derivedFrom=\"A\"", "Y", "") + String.format(cluster, " derivedFrom=\"A\"", "Z", ""));
        assertThat(messages(HEAD + "<registers>" + a + b + "</registers>" + TAIL))
                .anyMatch(message -> message.contains("does it contain itself?"));
    }

    @Test
    void damagedFilesAreReadOrRefused() {
        byte[] good = chip();
        Random random = new Random(11);
        for (int i = 0; i < 1000; i++) {
            byte[] bad = good.clone();
            for (int k = 0; k < 1 + random.nextInt(3); k++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Compilation read = new SvdReader().read("bad.svd",
                    random.nextInt(4) == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad);
            assertThat(read.succeeded()).isEqualTo(!read.maps().isEmpty());
        }
    }
}
