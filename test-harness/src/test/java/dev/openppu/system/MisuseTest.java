package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.openppu.driver.Context;
import dev.openppu.driver.ContextOptions;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.Kernel;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.MemoryPool;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Pitched;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.PrimaryContext;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.driver.UpdateListener;
import dev.openppu.driver.owner.BringUp;
import dev.openppu.driver.tix.TixException;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * docs/host-api.md: every failure of the public interface is a {@link PpuException}. Every public method of the objects that it hands out is called, with arguments from a seed, in states where calls go
 * wrong. Whatever else a call throws is a defect.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class MisuseTest {
    private static final int ROUNDS = 6;
    private static final long[] NUMBERS = {0, 1, -1, 7, 64, 4096, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40};
    /** They end what the other calls need, so they come last; closing is each test's own. */
    private static final List<String> ENDS = List.of("updateFirmware", "reset", "detach");
    /** They print, or hand out what the device was opened with. */
    private static final Set<String> LEFT_OUT = Set.of("close", "toString", "link");

    /** Objects of every kind. */
    private static final class World {
        final DeviceLink link = Links.open(Devices.FREE);
        final Ppu ppu = Ppu.open(link,
                PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).messageTimeout(Duration.ofMillis(500)).build());
        final Context context = ppu.createContext();
        final Context other = ppu.createContext();
        final Stream stream = context.createStream(StreamOptions.defaults().withSubmitTimeout(Duration.ofMillis(5)));
        final Event event = context.createEvent();
        final DeviceBuffer buffer = context.allocate(4096);
        final PinnedBuffer pinned = context.allocatePinned(4096);
        final PooledBuffer pooled = stream.allocateAsync(4096);
        final MemoryPool pool = context.createMemoryPool();
        final PrimaryContext primary = ppu.primaryContext();
        final DeviceBuffer foreign = other.allocate(4096);
        final Kernel kernel = new MemoryKernels(context).store();
        final PpuModule module = kernel.module();
        final MemorySegment heap = MemorySegment.ofArray(new byte[64]);
        final MemorySegment ended;
        final List<String> escaped = new ArrayList<>();

        World() {
            try (Arena arena = Arena.ofConfined()) {
                ended = arena.allocate(64);
            }
        }

        List<Object> objects() {
            return List.of(ppu, context, stream, event, buffer, pinned, pooled, pool, primary, module, kernel);
        }

        void callAll(long seed, boolean interrupted) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < ROUNDS; round++) {
                for (Object object : objects()) {
                    for (Method method : methods(object.getClass())) {
                        arguments(method, random).ifPresent(arguments -> call(object, method, arguments, interrupted));
                    }
                }
            }
            for (String name : ENDS) {
                callLast(name, random, interrupted);
            }
        }

        private void callLast(String name, SplittableRandom random, boolean interrupted) {
            for (Object object : objects()) {
                for (Method method : allMethods(object.getClass()).filter(each -> each.getName().equals(name)).toList()) {
                    call(object, method, arguments(method, random).orElseThrow(), interrupted);
                }
            }
        }

        /** A null for each argument that may be one, in turn; what does not refuse it is told. */
        List<String> callWithNulls(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<String> taken = new ArrayList<>();
            for (Object object : objects()) {
                for (Method method : allMethods(object.getClass()).toList()) {
                    for (int i = 0; i < method.getParameterCount(); i++) {
                        if (!method.getParameterTypes()[i].isPrimitive()) {
                            Object[] values = arguments(method, random).orElseThrow();
                            values[i] = null;
                            if (!refused(object, method, values)) {
                                taken.add(object.getClass().getSimpleName() + "." + method.getName() + Arrays.toString(values));
                            }
                        }
                    }
                }
            }
            return taken;
        }

        private static boolean refused(Object object, Method method, Object[] values) {
            try {
                method.invoke(object, values);
                return false;
            } catch (InvocationTargetException e) {
                return e.getTargetException() instanceof NullPointerException || e.getTargetException() instanceof PpuException;
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }

        private static List<Method> methods(Class<?> type) {
            return allMethods(type).filter(method -> !ENDS.contains(method.getName())).toList();
        }

        private static java.util.stream.Stream<Method> allMethods(Class<?> type) {
            return java.util.stream.Stream
                    .concat(Arrays.stream(type.getMethods()),
                            Arrays.stream(type.getInterfaces()).flatMap(each -> Arrays.stream(each.getMethods())))
                    .filter(method -> method.getDeclaringClass() != Object.class
                            && Modifier.isPublic(method.getDeclaringClass().getModifiers()))
                    .filter(method -> !Modifier.isStatic(method.getModifiers()) && !LEFT_OUT.contains(method.getName()))
                    .sorted(Comparator.comparing(Method::toGenericString));
        }

        private void call(Object object, Method method, Object[] arguments, boolean interrupted) {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            try {
                method.invoke(object, arguments);
            } catch (InvocationTargetException e) {
                Throwable thrown = e.getTargetException();
                if (!(thrown instanceof PpuException) && !documented(method, thrown)) {
                    escaped.add(object.getClass().getSimpleName() + "." + method.getName() + Arrays.toString(arguments) + " threw " + thrown
                            + " at "
                            + Arrays.stream(thrown.getStackTrace()).limit(4).map(Object::toString).collect(Collectors.joining(" < ")));
                }
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            } finally {
                Thread.interrupted();
            }
        }

        /** Slices belong to no device yet, a source that is wrong is told with every mistake in it, and files are not the device's. */
        private static boolean documented(Method method, Throwable thrown) {
            return method.getName().equals("slice") && thrown instanceof IndexOutOfBoundsException
                    || method.getName().equals("dump") && thrown instanceof UncheckedIOException
                    || method.getName().equals("loadModule") && thrown instanceof TixException;
        }

        private Optional<Object[]> arguments(Method method, SplittableRandom random) {
            Object[] values = new Object[method.getParameterCount()];
            for (int i = 0; i < values.length; i++) {
                Object value = argument(method.getParameterTypes()[i], random);
                if (value == null) {
                    return Optional.empty();
                }
                values[i] = value;
            }
            return Optional.of(values);
        }

        private Object argument(Class<?> type, SplittableRandom random) {
            long number = NUMBERS[random.nextInt(NUMBERS.length)];
            List<Object> all = new ArrayList<>(objects());
            all.addAll(List.of(other, foreign, heap, ended, Set.of(), List.of(), Optional.empty(), Duration.ofNanos(1),
                    StreamOptions.defaults(),
                    ContextOptions.defaults(), new Pitched(buffer, 0, 64), new Pitched(pinned, 0, 4), (Runnable) () -> {},
                    (Predicate<Object>) _ -> false,
                    (Consumer<Object>) _ -> {}, "text", module.code(), new Object[0], new Object[]{buffer, 7}, new Object[]{1L, "text"},
                    new EventFlag[]{EventFlag.DISABLE_TIMING}, new byte[0], new byte[4096], BringUp.shippedFirmware(),
                    Path.of("/proc/no-such-directory/dump"), Launch.linear(1, 1),
                    Launch.of(new Extent(0, -1, 7), new Extent(1 << 20, 1, 1)),
                    (UpdateListener) (_, _) -> {}));
            if (type == long.class) {
                return number;
            } else if (type == int.class) {
                return (int) number;
            } else if (type == short.class) {
                return (short) number;
            } else if (type == byte.class) {
                return (byte) number;
            } else if (type == boolean.class) {
                return random.nextBoolean();
            } else if (type.isEnum()) {
                return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
            }
            List<Object> fitting = all.stream().filter(type::isInstance).toList();
            return fitting.isEmpty() ? null : fitting.get(random.nextInt(fitting.size()));
        }

        void end() {
            try {
                ppu.close();
            } finally {
                link.close();
            }
            assertThat(escaped.stream().distinct().toList()).as("calls that threw something else than the interface promises").isEmpty();
        }
    }

    @Test
    void extremeArguments() {
        World world = new World();
        world.callAll(1, false);
        world.end();
    }

    @Test
    void nulls() {
        World world = new World();
        List<String> taken = new ArrayList<>();
        for (int seed = 1; seed <= ROUNDS; seed++) {
            taken.addAll(world.callWithNulls(seed));
        }
        assertThat(taken.stream().distinct().toList()).as("calls that took a null").isEmpty();
        assertThatNullPointerException().isThrownBy(() -> world.stream.launch(world.kernel, Launch.linear(1, 1), world.buffer, null));
        Devices.work(world.ppu);
        world.end();
    }

    @Test
    void closedObjects() {
        World world = new World();
        world.pool.close();
        world.module.close();
        world.pooled.close();
        world.pinned.close();
        world.buffer.close();
        world.event.close();
        world.stream.close();
        world.callAll(2, false);
        world.end();
    }

    @Test
    void aDestroyedContext() {
        World world = new World();
        world.context.close();
        world.callAll(3, false);
        world.end();
    }

    @Test
    void aLostContext() {
        World world = new World();
        new MemoryKernels(world.context).store(world.context.defaultStream(), 0x10, 1);
        try {
            world.context.synchronize();
        } catch (PpuException e) {
            assertThat(e.hgresult().number()).isEqualTo(700);
        }
        world.callAll(4, false);
        world.end();
    }

    @Test
    void anInterruptedThread() {
        World world = new World();
        Gate gate = new Gate(world.context);
        gate.hold(world.stream);
        world.callAll(5, true);
        gate.open();
        world.end();
    }

    @Test
    void aClosedDevice() {
        World world = new World();
        world.ppu.close();
        world.callAll(6, false);
        world.end();
    }

    @Test
    void aClosedLink() {
        World world = new World();
        world.link.close();
        world.callAll(7, false);
        try {
            world.ppu.close();
        } catch (PpuException e) {
            assertThat(e.hgresult().number()).isEqualTo(46);
        }
        assertThat(world.escaped.stream().distinct().toList()).as("calls that threw something else than the interface promises").isEmpty();
    }
}
