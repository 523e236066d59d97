package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.harness.bringup.DefectiveLink;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/** A link whose calls are counted, and of which one fails, or all from one on. */
final class FailingLink extends DefectiveLink {
    /** Index of the first call from each place of the driver, by the place. */
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private int calls;
    private int first = Integer.MAX_VALUE;
    private int last = Integer.MAX_VALUE;

    FailingLink(DeviceLink sound) {
        super(sound);
    }

    /** From now on calls are counted from 0, and those from {@code begin} on, below {@code end}, fail. */
    synchronized void fail(int begin, int end) {
        calls = 0;
        first = begin;
        last = end;
    }

    synchronized void mend() {
        fail(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** Where the driver called from, each once, in the order in which it first did. */
    synchronized Map<String, Integer> places() {
        return new LinkedHashMap<>(places);
    }

    /** Passes if {@code sound} does with the first call from each of these places as the one that fails. */
    static void atEach(Map<String, Integer> places, IntConsumer sound) {
        List<String> defects = new ArrayList<>();
        places.forEach((place, call) -> {
            try {
                sound.accept(call);
            } catch (AssertionError | RuntimeException e) {
                defects.add(place + ": " + String.valueOf(e.getMessage()).lines().filter(line -> !line.isBlank()).limit(6).toList());
            }
        });
        assertThat(defects).as("of %d places", places.size()).isEmpty();
    }

    private synchronized void step(String what) {
        int call = calls++;
        if (first == Integer.MAX_VALUE) {
            places.putIfAbsent(what + " < " + place(), call);
        }
        if (call >= first && call < last) {
            throw new LinkException("planted: " + what + ", call " + call);
        }
    }

    private static String place() {
        return StackWalker.getInstance().walk(frames -> frames
                .filter(frame -> frame.getClassName().startsWith("dev.openppu.driver")
                        || frame.getClassName().startsWith("dev.openppu.hal"))
                .map(frame -> frame.getClassName().replaceAll(".*\\.", "") + ":" + frame.getLineNumber())
                .collect(Collectors.joining(" < ")));
    }

    private <T> T failing(Class<T> type, T sound, Set<String> methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (_, method, arguments) -> {
            if (methods.contains(method.getName())) {
                step(type.getSimpleName() + "." + method.getName());
            }
            try {
                return method.invoke(sound, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    @Override
    public ConfigSpace config() {
        return failing(ConfigSpace.class, super.config(), Set.of("read8", "read16", "read32", "write8", "write16", "write32"));
    }

    @Override
    public DmaSpace dma() {
        return failing(DmaSpace.class, super.dma(), Set.of("allocate", "map"));
    }

    @Override
    public Interrupts interrupts() {
        return failing(Interrupts.class, super.interrupts(), Set.of("enable", "disable", "mask", "unmask"));
    }

    @Override
    public LinkRuntime runtime() {
        return failing(LinkRuntime.class, super.runtime(), Set.of("start"));
    }

    @Override
    public void reset(ResetKind kind) {
        step("reset");
        super.reset(kind);
    }

    @Override
    public Mmio bar(int index) {
        step("bar " + index);
        return through(super.bar(index), new Trap() {
            @Override
            public long read(long offset, int bytes) {
                step("read of BAR " + index);
                return super.read(offset, bytes);
            }

            @Override
            public void write(long offset, int bytes, long value) {
                step("write to BAR " + index);
                super.write(offset, bytes, value);
            }

            @Override
            public void readBytes(long offset, MemorySegment destination) {
                step("read of BAR " + index);
                super.readBytes(offset, destination);
            }

            @Override
            public void writeBytes(long offset, MemorySegment source) {
                step("write to BAR " + index);
                super.writeBytes(offset, source);
            }
        });
    }
}
