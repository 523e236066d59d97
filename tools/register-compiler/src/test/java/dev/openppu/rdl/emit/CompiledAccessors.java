package dev.openppu.rdl.emit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.rdl.emit.java.JavaEmitter;
import dev.openppu.rdl.model.AddressMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/** Emitted Java accessors, compiled with every warning an error, over a memory that records who touched it. */
public final class CompiledAccessors implements AutoCloseable {

    /** Sparse memory; refuses what a bus would: accesses that are not naturally aligned. */
    private static final String MMIO = """
            package dev.openppu.hal.mmio;
            public final class Mmio {
                private static final int PAGES = 4096;
                private final long[] numbers = new long[PAGES];
                private final byte[][] pages = new byte[PAGES][];
                public final java.util.List<String> log = new java.util.ArrayList<>();
                public boolean logging;
                private byte[] page(long offset, int bytes) {
                    if ((offset & bytes - 1) != 0) throw new IllegalArgumentException(Long.toHexString(offset));
                    long number = offset >>> 12;
                    int at = (int) number & PAGES - 1;
                    while (pages[at] != null && numbers[at] != number) at = at + 1 & PAGES - 1;
                    if (pages[at] == null) { pages[at] = new byte[4096]; numbers[at] = number; }
                    return pages[at];
                }
                private long read(long offset, int bytes) {
                    if (logging) log.add("r" + bytes * 8 + " " + Long.toHexString(offset));
                    byte[] page = page(offset, bytes);
                    long value = 0;
                    for (int i = bytes - 1; i >= 0; i--) value = value << 8 | page[((int) offset & 4095) + i] & 0xff;
                    return value;
                }
                private void write(long offset, int bytes, long value) {
                    long cut = bytes == 8 ? value : value & (1L << bytes * 8) - 1;
                    if (logging) log.add("w" + bytes * 8 + " " + Long.toHexString(offset) + " " + Long.toHexString(cut));
                    byte[] page = page(offset, bytes);
                    for (int i = 0; i < bytes; i++) page[((int) offset & 4095) + i] = (byte) (value >>> 8 * i);
                }
                public byte read8(long o) { return (byte) read(o, 1); }
                public short read16(long o) { return (short) read(o, 2); }
                public int read32(long o) { return (int) read(o, 4); }
                public long read64(long o) { return read(o, 8); }
                public void write8(long o, byte v) { write(o, 1, v); }
                public void write16(long o, short v) { write(o, 2, v); }
                public void write32(long o, int v) { write(o, 4, v); }
                public void write64(long o, long v) { write(o, 8, v); }
                public Mmio slice(long o, long s) {
                    if (logging) log.add("slice " + Long.toHexString(o) + " " + Long.toHexString(s));
                    return this;
                }
            }
            """;
    private static final String NULLABLE = """
            package org.jspecify.annotations;
            @java.lang.annotation.Target(java.lang.annotation.ElementType.TYPE_USE) public @interface Nullable {}
            """;

    private final URLClassLoader loader;
    private final Class<?> mmioClass;
    private final Object mmio;

    /**
     * Emits and compiles the accessors of {@code maps}, in the package {@code regs}.
     *
     * @param more file names, with folders, to further sources
     */
    public CompiledAccessors(Path folder, List<AddressMap> maps, Map<String, String> more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-d", folder.resolve("classes").toString(), "-Xlint:all", "-Werror", "--release",
                "25", "-proc:none"));
        for (Map.Entry<String, String> file : new JavaEmitter("regs", "regs", JavaEmitter.View.SOFTWARE, "test.rdl").emit(maps)
                .entrySet()) {
            arguments.add(write(folder.resolve("regs").resolve(file.getKey()), file.getValue()));
        }
        for (Map.Entry<String, String> file : more.entrySet()) {
            arguments.add(write(folder.resolve(file.getKey()), file.getValue()));
        }
        arguments.add(write(folder.resolve("dev/openppu/hal/mmio/Mmio.java"), MMIO));
        arguments.add(write(folder.resolve("org/jspecify/annotations/Nullable.java"), NULLABLE));
        StringWriter messages = new StringWriter();
        PrintWriter printer = new PrintWriter(messages);
        int status = ToolProvider.findFirst("javac").orElseThrow().run(printer, printer, arguments.toArray(String[]::new));
        assertThat(status).as(messages.toString()).isZero();
        loader = new URLClassLoader(new URL[]{folder.resolve("classes").toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        try {
            mmioClass = loader.loadClass("dev.openppu.hal.mmio.Mmio");
            mmio = mmioClass.getConstructor().newInstance();
            mmioClass.getField("logging").set(mmio, true);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static String write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).toString();
    }

    /** A class that was emitted or given. */
    public Class<?> type(String name) {
        try {
            return loader.loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** The name of a class within {@code className} or what that extends. */
    public String nested(String className, String simpleName) {
        return Arrays.stream(type("regs." + className).getClasses()).filter(each -> each.getSimpleName().equals(simpleName)).findFirst()
                .orElseThrow(() -> new AssertionError(className + "." + simpleName)).getName().substring("regs.".length());
    }

    /** Stops the recording of accesses. */
    public void quiet() {
        try {
            mmioClass.getField("logging").set(mmio, false);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** The memory. */
    public Object mmio() {
        return mmio;
    }

    /** A new accessor of the class, at {@code base}. */
    public Object create(String className, long base) {
        try {
            return type("regs." + className).getConstructor(mmioClass, long.class).newInstance(mmio, base);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** A constant of a class. */
    public Object constant(String className, String name) {
        try {
            return type("regs." + className).getField(name).get(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** Calls a method; what it throws comes as it is. */
    public static Object call(Object target, String name, Object... arguments) throws Exception {
        return invoke(target.getClass(), target, name, arguments);
    }

    /** Calls a static method. */
    public Object callStatic(String className, String name, Object... arguments) throws Exception {
        return invoke(type("regs." + className), null, name, arguments);
    }

    private static Object invoke(Class<?> type, Object target, String name, Object... arguments) throws Exception {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && takes(method.getParameterTypes(), arguments)) {
                try {
                    return method.invoke(target, arguments);
                } catch (InvocationTargetException e) {
                    throw (Exception) e.getCause();
                }
            }
        }
        throw new NoSuchMethodException(type.getSimpleName() + "." + name + Arrays.toString(arguments));
    }

    private static boolean takes(Class<?>[] parameters, Object[] arguments) {
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            Class<?> given = arguments[i].getClass();
            boolean fits = parameters[i] == long.class && (given == Long.class || given == Integer.class)
                    || parameters[i] == int.class && given == Integer.class
                    || parameters[i] == boolean.class && given == Boolean.class
                    || parameters[i].isInstance(arguments[i]);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** What was accessed since the last call: {@code r32 300}, {@code w64 308 1f}. */
    @SuppressWarnings("unchecked")
    public List<String> accesses() {
        try {
            List<String> log = (List<String>) mmioClass.getField("log").get(mmio);
            List<String> copy = List.copyOf(log);
            log.clear();
            return copy;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
