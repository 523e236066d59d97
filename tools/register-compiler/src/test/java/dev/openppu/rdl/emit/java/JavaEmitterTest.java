package dev.openppu.rdl.emit.java;

import static dev.openppu.rdl.emit.CompiledAccessors.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.rdl.Rdl;
import dev.openppu.rdl.emit.CompiledAccessors;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The emitted accessors: their text as committed, and, compiled, every access that they make. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaEmitterTest {

    private static final String SOURCE = """
            enum mode_e { OFF = 0 { desc = "Not running."; }; FAST = 2 { name = "Fast"; }; };
            regfile unit {
                name = "A <unit> & more";
                reg { desc = "Ends with */ and {@code}.";
                    field { encode = mode_e; } mode[1:0] = 2;
                    field {} ready[2:2] = 1;
                    field { sw = r; } class[15:8];
                    field {} wait[31:24] = 0xff;
                } control @0;
                reg { regwidth = 64; field {} low[31:0]; field {} high[63:32] = 1; } counter @8;
                reg { field { sw = w; hw = r; } every[31:0]; } command[2][3] @0x10 += 8;
                reg { regwidth = 16; field { sw = r; hw = w; rclr; } half[15:0] = 0x8001; } small @0x40;
            };
            addrmap top_map {
                reg { regwidth = 64; accesswidth = 32; field {} value[63:0]; } split @0;
                reg { regwidth = 128; field {} low[71:4] = 68'hf_0000_0000_0000_0001; field { encode = mode_e; } mode[73:72]; } wide @0x10;
                unit units[4] @0x100 += 0x100;
                external mem { mementries = 64; memwidth = 32; } buffer @0x1000;
            };
            """;

    private CompiledAccessors accessors;
    private Object root;

    @BeforeAll
    void compileWhatIsEmitted(@TempDir Path folder) throws IOException {
        accessors = new CompiledAccessors(folder, List.of(Rdl.map(SOURCE)), Map.of());
        root = accessors.create("TopMapRegs", 0);
    }

    @AfterAll
    void close() throws IOException {
        accessors.close();
    }

    private static Map<String, String> emit(JavaEmitter.View view, String source) {
        return new JavaEmitter("regs", "regs", view, "test.rdl").emit(List.of(Rdl.map(source)));
    }

    private Object onFields(String register, String name, Object... arguments) throws Exception {
        return accessors.callStatic("UnitRegs$" + register, name, arguments);
    }

    @Test
    void textIsTheCommittedOne() throws IOException {
        String actual = String.join("\n", emit(JavaEmitter.View.SOFTWARE, SOURCE).values());
        Files.writeString(Path.of("target", "JavaEmitterTest.txt"), actual);
        try (InputStream golden = JavaEmitterTest.class.getResourceAsStream("JavaEmitterTest.txt")) {
            assertThat(actual).as("if the change is meant, commit target/JavaEmitterTest.txt")
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void everyAccessHasTheRegistersWidthAndAddress() throws Exception {
        accessors.accesses();
        Object unit = call(root, "units", 2);
        call(unit, "readControl");
        call(unit, "writeControl", 0x89abcdef);
        call(unit, "readCounter");
        call(unit, "writeCounter", 0x1234_5678_9abc_def0L);
        call(unit, "writeCommand", 1, 2, 5);
        call(unit, "readSmall");
        assertThat(accessors.accesses()).containsExactly("r32 300", "w32 300 89abcdef", "r64 308", "w64 308 123456789abcdef0", "w32 338 5",
                "r16 340");
    }

    @Test
    void registerWiderThanItsAccessIsMovedInPieces() throws Exception {
        accessors.accesses();
        call(root, "writeSplit", 0x1122_3344_8566_7788L);
        assertThat(call(root, "readSplit")).isEqualTo(0x1122_3344_8566_7788L);
        assertThat(accessors.accesses()).containsExactly("w32 0 85667788", "w32 4 11223344", "r32 0", "r32 4");
    }

    @Test
    void narrowRegisterIsZeroExtended() throws Exception {
        Object unit = call(root, "units", 1);
        call(accessors.mmio(), "write32", 0x240L, -1);
        assertThat(call(unit, "readSmall")).isEqualTo(0xffff);
    }

    @Test
    void indicesAreChecked() throws Exception {
        assertThatThrownBy(() -> call(root, "units", 4)).isInstanceOf(IndexOutOfBoundsException.class);
        Object unit = call(root, "units", 3);
        assertThatThrownBy(() -> call(unit, "writeCommand", 0, 3, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> call(unit, "writeCommand", 2, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> call(unit, "writeCommand", 0, -1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> call(root, "readWide", 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> call(root, "readWide", new long[1])).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void onlyWhatSoftwareMayDoIsThere() throws Exception {
        Object unit = call(root, "units", 0);
        assertThatThrownBy(() -> call(unit, "readCommand", 0, 0)).isInstanceOf(NoSuchMethodException.class);
        assertThatThrownBy(() -> call(unit, "writeSmall", 0)).isInstanceOf(NoSuchMethodException.class);
        assertThat(emit(JavaEmitter.View.HARDWARE, SOURCE).get("UnitRegs.java")).contains("int readCommand(", "void writeSmall(")
                .doesNotContain("void writeCommand(");
    }

    @Test
    void fieldsAreTakenApartAndPutTogether() throws Exception {
        assertThat(onFields("Control", "mode", 0xffff_fffe)).isEqualTo(2);
        assertThat(onFields("Control", "withMode", 0xffff_ffff, 1)).isEqualTo(0xffff_fffd);
        assertThat(onFields("Control", "withMode", 0, 0xff)).isEqualTo(3);
        assertThat(onFields("Control", "ready", 4)).isEqualTo(true);
        assertThat(onFields("Control", "withReady", 0xff, false)).isEqualTo(0xfb);
        assertThat(onFields("Control", "class_", 0xffff_a5ff)).isEqualTo(0xa5);
        assertThat(onFields("Control", "wait_", 0xa5ff_ffff)).isEqualTo(0xa5);
        assertThat(onFields("Control", "withWait", 0, 0xa5)).isEqualTo(0xa500_0000);
        assertThat(onFields("Counter", "high", 0x8000_0001_0000_0000L)).isEqualTo(0x8000_0001L);
        assertThat(onFields("Counter", "withLow", -1L, 5L)).isEqualTo(0xffff_ffff_0000_0005L);
        assertThat(onFields("Command", "every", -1)).isEqualTo(0xffff_ffffL);
        assertThat(onFields("Command", "withEvery", 0, 0xffff_fffeL)).isEqualTo(-2);
    }

    @Test
    void constantsAreThoseOfTheMap() {
        assertThat(accessors.constant("UnitRegs$Control", "RESET")).isEqualTo(0xff00_0006);
        assertThat(accessors.constant("UnitRegs$Counter", "RESET")).isEqualTo(0x1_0000_0000L);
        assertThat(accessors.constant("UnitRegs$Control", "WAIT_MASK")).isEqualTo(0xff00_0000);
        assertThat(accessors.constant("UnitRegs$Control", "CLASS_LSB")).isEqualTo(8);
        assertThat(accessors.constant("UnitRegs$Control", "CLASS_WIDTH")).isEqualTo(8);
        assertThat(accessors.constant("UnitRegs", "COMMAND_OFFSET")).isEqualTo(0x10L);
        assertThat(accessors.constant("UnitRegs", "COMMAND_STRIDE")).isEqualTo(8L);
        assertThat(accessors.constant("UnitRegs", "COMMAND_COUNT")).isEqualTo(6);
        assertThat(accessors.constant("TopMapRegs", "UNITS_STRIDE")).isEqualTo(0x100L);
        assertThat(accessors.constant("TopMapRegs", "SIZE")).isEqualTo(0x1100L);
    }

    @Test
    void wideRegisterIsAnArrayOfTheCallersWords() throws Exception {
        long[] words = new long[2];
        accessors.callStatic("TopMapRegs$Wide", "loadReset", words);
        assertThat(words).containsExactly(0x10L, 0xf0L);
        accessors.callStatic("TopMapRegs$Wide", "setMode", words, accessors.type("regs.Mode").getEnumConstants()[1]);
        accessors.accesses();
        call(root, "writeWide", words);
        long[] read = new long[3];
        call(root, "readWide", read);
        assertThat(accessors.accesses()).containsExactly("w64 10 10", "w64 18 2f0", "r64 10", "r64 18");
        assertThat(read).containsExactly(0x10L, 0x2f0L, 0L);
        long[] low = new long[2];
        accessors.callStatic("TopMapRegs$Wide", "low", read, low);
        assertThat(low).containsExactly(1L, 0xfL);
        assertThat(accessors.callStatic("TopMapRegs$Wide", "mode", read)).isEqualTo(2L);
    }

    @Test
    void enumsTranslateBothWays() throws Exception {
        Class<?> mode = accessors.type("regs.Mode");
        Method of = mode.getMethod("of", int.class);
        assertThat(of.invoke(null, 2)).hasToString("FAST");
        assertThat(of.invoke(null, 1)).isNull();
        assertThat(mode.getMethod("value").invoke(of.invoke(null, 2))).isEqualTo(2);
        assertThat(onFields("Control", "withMode", 1, of.invoke(null, 2))).isEqualTo(2);
    }

    @Test
    void memoriesHaveEntriesAndAWindow() throws Exception {
        accessors.accesses();
        Object buffer = call(root, "buffer");
        call(buffer, "writeEntry", 63, 0x1234);
        assertThat(call(buffer, "readEntry", 63)).isEqualTo(0x1234);
        call(buffer, "window");
        assertThat(accessors.accesses()).containsExactly("w32 10fc 1234", "r32 10fc", "slice 1000 100");
        assertThatThrownBy(() -> call(buffer, "readEntry", 64)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void typesOfOneNameAndDifferentContentsGetDifferentClasses() {
        Map<String, String> files = emit(JavaEmitter.View.SOFTWARE,
                "regfile u { reg { field {} f; } r0; }; addrmap top { u a; u b; u c; b.r0.f->sw = r; };");
        assertThat(files).containsOnlyKeys("TopRegs.java", "URegs.java", "URegs2.java", "package-info.java");
        assertThat(files.get("TopRegs.java")).contains("private final URegs a;", "private final URegs2 b;", "private final URegs c;");
    }
}
