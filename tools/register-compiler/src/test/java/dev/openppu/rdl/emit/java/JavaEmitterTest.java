package dev.openppu.rdl.emit.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.rdl.Rdl;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
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
                unit units[4] @0x100 += 0x100;
                external mem { mementries = 64; memwidth = 32; } buffer @0x1000;
            };
            """;

    private static final String MMIO = """
            package dev.openppu.hal.mmio;
            public class Mmio {
                public final java.util.List<String> log = new java.util.ArrayList<>();
                public long next;
                public byte read8(long o) { log.add("r8 " + Long.toHexString(o)); return (byte) next; }
                public short read16(long o) { log.add("r16 " + Long.toHexString(o)); return (short) next; }
                public int read32(long o) { log.add("r32 " + Long.toHexString(o)); return (int) next; }
                public long read64(long o) { log.add("r64 " + Long.toHexString(o)); return next; }
                public void write8(long o, byte v) { log.add("w8 " + Long.toHexString(o) + " " + v); }
                public void write16(long o, short v) { log.add("w16 " + Long.toHexString(o) + " " + v); }
                public void write32(long o, int v) { log.add("w32 " + Long.toHexString(o) + " " + Integer.toHexString(v)); }
                public void write64(long o, long v) { log.add("w64 " + Long.toHexString(o) + " " + Long.toHexString(v)); }
                public Mmio slice(long o, long s) { log.add("slice " + Long.toHexString(o) + " " + Long.toHexString(s)); return this; }
            }
            """;
    private static final String NULLABLE = """
            package org.jspecify.annotations;
            @java.lang.annotation.Target(java.lang.annotation.ElementType.TYPE_USE) public @interface Nullable {}
            """;

    private URLClassLoader loader;
    private Object mmio;
    private Object root;

    @BeforeAll
    void compileWhatIsEmitted(@TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER) Path folder) throws Exception {
        Map<String, String> files = emit(JavaEmitter.View.SOFTWARE);
        List<String> arguments = new ArrayList<>(
                List.of("-d", folder.resolve("classes").toString(), "-Xlint:all", "-Werror", "--release", "25",
                        "-proc:none"));
        files.forEach((name, text) -> arguments.add(write(folder.resolve("regs/" + name), text)));
        arguments.add(write(folder.resolve("dev/openppu/hal/mmio/Mmio.java"), MMIO));
        arguments.add(write(folder.resolve("org/jspecify/annotations/Nullable.java"), NULLABLE));
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        assertThat(javac.run(System.out, System.err, arguments.toArray(String[]::new))).isZero();
        loader = new URLClassLoader(new URL[]{folder.resolve("classes").toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        Class<?> mmioClass = loader.loadClass("dev.openppu.hal.mmio.Mmio");
        mmio = mmioClass.getConstructor().newInstance();
        root = loader.loadClass("regs.TopMapRegs").getConstructor(mmioClass).newInstance(mmio);
    }

    private static Map<String, String> emit(JavaEmitter.View view) {
        return new JavaEmitter("regs", "regs", view, "test.rdl").emit(List.of(Rdl.map(SOURCE)));
    }

    private static String write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object call(Object target, String name, Object... arguments) throws Exception {
        for (Method method : target.getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
                try {
                    return method.invoke(target, arguments);
                } catch (InvocationTargetException e) {
                    throw (Exception) e.getCause();
                }
            }
        }
        throw new NoSuchMethodException(name);
    }

    private Object onFields(String register, String name, Object... arguments) throws Exception {
        Class<?> type = loader.loadClass("regs.UnitRegs$" + register);
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == arguments.length
                    && (arguments.length < 2 || !method.getParameterTypes()[1].isEnum())) {
                return method.invoke(null, arguments);
            }
        }
        throw new NoSuchMethodException(name);
    }

    private Object constant(String type, String name) throws Exception {
        return loader.loadClass("regs." + type).getField(name).get(null);
    }

    @SuppressWarnings("unchecked")
    private List<String> accesses() throws Exception {
        List<String> log = (List<String>) mmio.getClass().getField("log").get(mmio);
        List<String> copy = List.copyOf(log);
        log.clear();
        return copy;
    }

    private void nextRead(long value) throws Exception {
        mmio.getClass().getField("next").set(mmio, value);
    }

    @Test
    void textIsTheCommittedOne() throws IOException {
        String actual = String.join("\n", emit(JavaEmitter.View.SOFTWARE).values());
        Files.writeString(Path.of("target", "JavaEmitterTest.txt"), actual);
        try (InputStream golden = JavaEmitterTest.class.getResourceAsStream("JavaEmitterTest.txt")) {
            assertThat(actual).as("if the change is meant, commit target/JavaEmitterTest.txt")
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void everyAccessHasTheRegistersWidthAndAddress() throws Exception {
        accesses();
        Object unit = call(root, "units", 2);
        call(unit, "readControl");
        call(unit, "writeControl", 0x89abcdef);
        call(unit, "readCounter");
        call(unit, "writeCounter", 0x1234_5678_9abc_def0L);
        call(unit, "writeCommand", 1, 2, 5);
        call(unit, "readSmall");
        assertThat(accesses()).containsExactly("r32 300", "w32 300 89abcdef", "r64 308", "w64 308 123456789abcdef0", "w32 338 5",
                "r16 340");
    }

    @Test
    void registerWiderThanItsAccessIsMovedInPieces() throws Exception {
        accesses();
        nextRead(0x8000_0001L);
        assertThat(call(root, "readSplit")).isEqualTo(0x8000_0001_8000_0001L);
        call(root, "writeSplit", 0x1122_3344_5566_7788L);
        assertThat(accesses()).containsExactly("r32 0", "r32 4", "w32 0 55667788", "w32 4 11223344");
    }

    @Test
    void narrowRegisterIsZeroExtended() throws Exception {
        nextRead(0xffff);
        assertThat(call(call(root, "units", 0), "readSmall")).isEqualTo(0xffff);
    }

    @Test
    void indicesAreChecked() throws Exception {
        assertThatThrownBy(() -> call(root, "units", 4)).isInstanceOf(IndexOutOfBoundsException.class);
        Object unit = call(root, "units", 3);
        assertThatThrownBy(() -> call(unit, "writeCommand", 0, 3, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> call(unit, "writeCommand", 2, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> call(unit, "writeCommand", 0, -1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void onlyWhatSoftwareMayDoIsThere() throws Exception {
        Object unit = call(root, "units", 0);
        assertThatThrownBy(() -> call(unit, "readCommand", 0, 0)).isInstanceOf(NoSuchMethodException.class);
        assertThatThrownBy(() -> call(unit, "writeSmall", 0)).isInstanceOf(NoSuchMethodException.class);
        assertThat(emit(JavaEmitter.View.HARDWARE).get("UnitRegs.java")).contains("int readCommand(", "void writeSmall(")
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
    void constantsAreThoseOfTheMap() throws Exception {
        assertThat(constant("UnitRegs$Control", "RESET")).isEqualTo(0xff00_0006);
        assertThat(constant("UnitRegs$Counter", "RESET")).isEqualTo(0x1_0000_0000L);
        assertThat(constant("UnitRegs$Control", "WAIT_MASK")).isEqualTo(0xff00_0000);
        assertThat(constant("UnitRegs$Control", "CLASS_LSB")).isEqualTo(8);
        assertThat(constant("UnitRegs$Control", "CLASS_WIDTH")).isEqualTo(8);
        assertThat(constant("UnitRegs", "COMMAND_OFFSET")).isEqualTo(0x10L);
        assertThat(constant("UnitRegs", "COMMAND_STRIDE")).isEqualTo(8L);
        assertThat(constant("UnitRegs", "COMMAND_COUNT")).isEqualTo(6);
        assertThat(constant("TopMapRegs", "UNITS_STRIDE")).isEqualTo(0x100L);
        assertThat(constant("TopMapRegs", "SIZE")).isEqualTo(0x1100L);
    }

    @Test
    void enumsTranslateBothWays() throws Exception {
        Class<?> mode = loader.loadClass("regs.Mode");
        Method of = mode.getMethod("of", int.class);
        assertThat(of.invoke(null, 2)).hasToString("FAST");
        assertThat(of.invoke(null, 1)).isNull();
        assertThat(mode.getMethod("value").invoke(of.invoke(null, 2))).isEqualTo(2);
        Method with = loader.loadClass("regs.UnitRegs$Control").getMethod("withMode", int.class, mode);
        assertThat(with.invoke(null, 1, of.invoke(null, 2))).isEqualTo(2);
    }

    @Test
    void memoriesAreWindows() {
        assertThat(emit(JavaEmitter.View.SOFTWARE).get("TopMapRegs.java"))
                .contains("this.buffer = mmio.slice(base + BUFFER_OFFSET, 0x100L);");
    }

    @Test
    void typesOfOneNameAndDifferentContentsGetDifferentClasses() {
        Map<String, String> files = new JavaEmitter("regs", "regs", JavaEmitter.View.SOFTWARE, "t").emit(List.of(Rdl.map(
                "regfile u { reg { field {} f; } r0; }; addrmap top { u a; u b; u c; b.r0.f->sw = r; };")));
        assertThat(files).containsOnlyKeys("TopRegs.java", "URegs.java", "URegs2.java", "package-info.java");
        assertThat(files.get("TopRegs.java")).contains("private final URegs a;", "private final URegs2 b;", "private final URegs c;");
    }
}
