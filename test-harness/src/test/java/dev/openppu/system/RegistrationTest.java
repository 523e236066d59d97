package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.HostMemoryFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.RegisteredBuffer;
import dev.openppu.driver.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The application's own memory given to the device: what may be registered, how often, in use, and afterwards. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class RegistrationTest {
    private static final long PAGE = 4096;
    private static final Set<HostMemoryFlag> NONE = Set.of();

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whateverOverlapsIsRegisteredAlreadyAndNeighboursAreNot(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Context other = ppu.createContext();
                Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(8 * PAGE, PAGE);
            RegisteredBuffer middle = context.registerHost(memory.asSlice(2 * PAGE, 4 * PAGE), NONE);
            refused(712, () -> context.registerHost(memory.asSlice(2 * PAGE, 4 * PAGE), NONE));
            refused(712, () -> context.registerHost(memory, NONE));
            refused(712, () -> context.registerHost(memory.asSlice(PAGE, 2 * PAGE), NONE));
            refused(712, () -> context.registerHost(memory.asSlice(5 * PAGE, 2 * PAGE), NONE));
            refused(712, () -> context.registerHost(memory.asSlice(3 * PAGE, PAGE), NONE));
            refused(712, () -> other.registerHost(memory.asSlice(3 * PAGE, PAGE), NONE));
            RegisteredBuffer before = context.registerHost(memory.asSlice(0, 2 * PAGE), NONE);
            RegisteredBuffer behind = other.registerHost(memory.asSlice(6 * PAGE, 2 * PAGE), NONE);
            refused(713, () -> context.unregisterHost(memory.asSlice(3 * PAGE)));
            context.unregisterHost(memory.asSlice(2 * PAGE));
            refused(713, () -> context.unregisterHost(memory.asSlice(2 * PAGE)));
            middle.close(); // unregistered already: nothing
            RegisteredBuffer again = context.registerHost(memory.asSlice(2 * PAGE, 4 * PAGE), NONE);
            context.fill8(again, 0, (byte) 3, 4 * PAGE);
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 3 * PAGE)).isEqualTo((byte) 3);
            List.of(before, behind, again).forEach(RegisteredBuffer::close);
            refused(400, () -> context.fill8(again, 0, (byte) 4, 1));
            refused(400, () -> context.fill8(middle, 0, (byte) 4, 1));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void memoryThatTheDeviceCannotHaveIsRefused(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Arena arena = Arena.ofShared();
                Arena confined = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(4 * PAGE, PAGE);
            refused(1, () -> context.registerHost(memory.asSlice(0, 0), NONE));
            refused(1, () -> context.registerHost(MemorySegment.NULL, NONE));
            refused(1, () -> context.registerHost(MemorySegment.ofArray(new byte[8192]), NONE));
            refused(1, () -> context.registerHost(confined.allocate(PAGE, PAGE), NONE));
            refused(1, () -> context.registerHost(memory.asReadOnly(), NONE));
            refused(801, () -> context.registerHost(memory, Set.of(HostMemoryFlag.IOMEMORY)));
            context.registerHost(memory, Set.of(HostMemoryFlag.PORTABLE, HostMemoryFlag.DEVICEMAP)).close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void unregisteringWaitsForTheWorkThatUsesTheMemory(String uri) {
        try (Ppu ppu = Ppu.open(uri); // which waits for longer than a busy machine may take to begin a thread
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Arena arena = Arena.ofShared();
                Gate gate = new Gate(context)) {
            MemorySegment memory = arena.allocate(PAGE, PAGE);
            RegisteredBuffer buffer = context.registerHost(memory, NONE);
            gate.hold(stream);
            stream.fill8(buffer, 0, (byte) 9, PAGE);
            Devices.sideBySide(ppu.link(), List.of(buffer::close, () -> {
                ppu.link().runtime().sleep(100_000);
                gate.open();
            }));
            assertThat(memory.get(ValueLayout.JAVA_BYTE, PAGE - 1)).isEqualTo((byte) 9);
            assertThat(context.lost()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void afterUnregisteringTheDeviceFaultsInsteadOfReachingTheMemory(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(PAGE, PAGE);
            MemoryKernels kernels = new MemoryKernels(context);
            RegisteredBuffer buffer = context.registerHost(memory, NONE);
            long address = buffer.address();
            kernels.store(stream, address, 5);
            stream.synchronize();
            assertThat(memory.get(ValueLayout.JAVA_INT, 0)).isEqualTo(5);
            buffer.close();
            kernels.store(stream, address, 6);
            refused(700, stream::synchronize);
            assertThat(memory.get(ValueLayout.JAVA_INT, 0)).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void onlyPortableMemoryServesOtherContexts(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Context other = ppu.createContext();
                Stream stream = other.createStream();
                Arena arena = Arena.ofShared();
                RegisteredBuffer own = context.registerHost(arena.allocate(PAGE, PAGE), NONE);
                RegisteredBuffer portable = context.registerHost(arena.allocate(PAGE, PAGE), Set.of(HostMemoryFlag.PORTABLE));
                PinnedBuffer pinned = context.allocatePinned(PAGE, Set.of(HostMemoryFlag.PORTABLE));
                DeviceBuffer device = other.allocate(PAGE)) {
            MemoryKernels kernels = new MemoryKernels(other);
            refused(1, () -> own.in(other));
            refused(1, () -> stream.fill8(own, 0, (byte) 1, PAGE));
            refused(1, () -> stream.launch(kernels.store(), dev.openppu.driver.Launch.linear(1, 1), own, 1));
            for (DeviceMemory memory : List.of(portable.in(other), pinned.in(other))) {
                kernels.store(stream, memory.address(), 0x77);
                stream.copy(device, 0, memory, 0, 4);
                stream.synchronize();
            }
            stream.fill8(portable, 4, (byte) 1, 4);
            stream.synchronize();
            assertThat(portable.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(0x77);
            assertThat(portable.segment().get(ValueLayout.JAVA_INT, 4)).isEqualTo(0x0101_0101);
            assertThat(pinned.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(0x77);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void theSameMemoryMayBeRegisteredWithTwoDevices(String uri) {
        try (Ppu first = Devices.open(uri);
                Ppu second = Devices.open(uri);
                Context one = first.createContext();
                Context two = second.createContext();
                Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(PAGE, PAGE);
            try (RegisteredBuffer a = one.registerHost(memory, NONE); RegisteredBuffer b = two.registerHost(memory, NONE)) {
                one.fill8(a, 0, (byte) 1, PAGE);
                two.fill8(b, 0, (byte) 2, PAGE / 2);
                assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 2);
                assertThat(memory.get(ValueLayout.JAVA_BYTE, PAGE - 1)).isEqualTo((byte) 1);
            }
        }
    }
}
