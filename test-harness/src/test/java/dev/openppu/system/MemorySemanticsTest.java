package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.HostMemoryFlag;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.MemoryKind;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Pitched;
import dev.openppu.driver.PitchedBuffer;
import dev.openppu.driver.PointerAttributes;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.RegisteredBuffer;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamMemoryOperation;
import dev.openppu.driver.StreamMemoryOperation.WaitValue32;
import dev.openppu.driver.StreamMemoryOperation.WaitValue64;
import dev.openppu.driver.StreamMemoryOperation.WriteValue32;
import dev.openppu.driver.StreamMemoryOperation.WriteValue64;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Facts §9.1: memory kinds, copies, memset, stream memory operations. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class MemorySemanticsTest {
    private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG;
    private static final long PAGE = 4096;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void registeredMemoryIsReachedByTheDevice(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Arena arena = Arena
                        .ofShared()) {
            Inventory before = ppu.inventory();
            MemorySegment mine = arena.allocate(4 * PAGE, PAGE);
            mine.fill((byte) 7);
            try (RegisteredBuffer registered = context.registerHost(mine, Set.of(HostMemoryFlag.DEVICEMAP));
                    DeviceBuffer device = context
                            .allocate(4 * PAGE)) {
                assertThat(registered.kind()).isEqualTo(MemoryKind.REGISTERED);
                assertThat(registered.segment().address()).isEqualTo(mine.address());
                stream.copy(device, 0, registered, 0, 4 * PAGE);
                stream.fill8(registered, PAGE, (byte) 9, PAGE);
                stream.copy(registered, 0, device, PAGE, 16);
                stream.synchronize();
                assertThat(mine.get(U8, PAGE + 5)).isEqualTo((byte) 9);
                assertThat(mine.get(U8, 5)).isEqualTo((byte) 7);
            }
            assertThat(ppu.inventory().pinnedMappings()).isLessThanOrEqualTo(before.pinnedMappings() + 2); // the stream's own
            mine.fill((byte) 1); // still the application's
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void registeringIsRefusedWithThePublishedCodes(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Context other = ppu.createContext();
                Arena arena = Arena
                        .ofShared();
                Arena confined = Arena.ofConfined()) {
            MemorySegment mine = arena.allocate(4 * PAGE, PAGE);
            RegisteredBuffer first = context.registerHost(mine.asSlice(PAGE, 2 * PAGE), Set.of());
            refused(712, () -> context.registerHost(mine, Set.of()));
            refused(712, () -> context.registerHost(mine.asSlice(2 * PAGE, PAGE), Set.of()));
            refused(712, () -> other.registerHost(mine.asSlice(PAGE, PAGE), Set.of()));
            context.registerHost(mine.asSlice(0, PAGE), Set.of()).close(); // a neighbour
            refused(713, () -> context.unregisterHost(mine.asSlice(3 * PAGE)));
            context.unregisterHost(mine.asSlice(PAGE, 2 * PAGE));
            refused(713, () -> context.unregisterHost(mine.asSlice(PAGE, 2 * PAGE)));
            refused(400, first::segment);
            first.close();
            refused(1, () -> context.registerHost(MemorySegment.ofArray(new byte[4096]), Set.of()));
            refused(1, () -> context.registerHost(mine.asSlice(8, PAGE), Set.of()));
            refused(1, () -> context.registerHost(mine.asSlice(0, 100), Set.of()));
            refused(1, () -> context.registerHost(mine.asSlice(0, 0), Set.of()));
            refused(1, () -> context.registerHost(mine.asReadOnly(), Set.of()));
            refused(1, () -> context.registerHost(confined.allocate(PAGE, PAGE), Set.of()));
            refused(801, () -> context.registerHost(mine, Set.of(HostMemoryFlag.IOMEMORY)));
            refused(1, () -> context.allocatePinned(64, Set.of(HostMemoryFlag.READ_ONLY)));
            Arena closed = Arena.ofShared();
            MemorySegment gone = closed.allocate(PAGE, PAGE);
            closed.close();
            refused(1, () -> context.registerHost(gone, Set.of()));
            context.registerHost(mine, Set.of());
            context.close(); // takes its registrations along
            other.registerHost(mine, Set.of()).close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void theDeviceMayOnlyReadWhatIsRegisteredReadOnly(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Arena arena = Arena.ofShared()) {
            MemorySegment mine = arena.allocate(PAGE, PAGE);
            mine.fill((byte) 3);
            RegisteredBuffer registered = context.registerHost(mine, Set.of(HostMemoryFlag.READ_ONLY));
            Stream stream = context.createStream();
            DeviceBuffer device = context.allocate(PAGE);
            byte[] back = new byte[10];
            stream.copy(device, 0, registered, 0, PAGE);
            stream.copyToHost(MemorySegment.ofArray(back), device, 0);
            assertThat(back).containsOnly(3);
            stream.fill8(registered, 0, (byte) 1, 10);
            refused(700, stream::synchronize);
            assertThat(mine.get(U8, 0)).isEqualTo((byte) 3);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void portableHostMemoryServesEveryContext(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context one = ppu.createContext();
                Context two = ppu.createContext();
                Stream first = one.createStream();
                Stream second = two.createStream();
                PinnedBuffer own = one.allocatePinned(100);
                Arena arena = Arena.ofShared()) {
            Inventory before = ppu.inventory();
            refused(1, () -> second.fill8(own, 0, (byte) 1, 10));
            PinnedBuffer portable = one.allocatePinned(100, Set.of(HostMemoryFlag.PORTABLE));
            RegisteredBuffer registered = two.registerHost(arena.allocate(PAGE, PAGE), Set.of(HostMemoryFlag.PORTABLE));
            second.fill8(portable, 0, (byte) 5, 100);
            second.synchronize();
            first.copy(registered, 0, portable, 0, 100);
            first.copy(registered, 200, portable.slice(10, 20), 5, 10);
            first.synchronize();
            assertThat(registered.segment().get(U8, 99)).isEqualTo((byte) 5);
            assertThat(registered.segment().get(U8, 209)).isEqualTo((byte) 5);
            DeviceMemory view = portable.in(two);
            assertThat(view).isSameAs(portable.in(two));
            assertThat(portable.in(one)).isSameAs(portable);
            portable.close();
            registered.close();
            refused(400, view::requireOpen);
            assertThat(ppu.inventory().pinnedMappings()).isEqualTo(before.pinnedMappings());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void rectanglesAreCopiedAndNothingAroundThem(String uri) {
        SplittableRandom random = new SplittableRandom(uri.hashCode());
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PitchedBuffer image = context.allocatePitched(1000, 40, 4);
                PinnedBuffer pinned = context.allocatePinned(64 * 1024)) {
            assertThat(image.pitch()).isEqualTo(1024);
            byte[] expected = new byte[(int) image.memory().size()];
            stream.fill8(image.memory(), 0, (byte) 0, image.memory().size());
            stream.fill8(pinned, 0, (byte) 0xee, pinned.size());
            for (int i = 0; i < 10; i++) {
                int width = random.nextInt(0, 200);
                int height = random.nextInt(0, 8);
                int row = random.nextInt(10);
                int column = random.nextInt(500);
                byte[] data = new byte[300 * 8];
                random.nextBytes(data);
                stream.copy2DToDevice(image.at(row, column), MemorySegment.ofArray(data), 300, width, height);
                stream.fill2D8(image.at(row + 9, column), (byte) i, width, height);
                for (int y = 0; y < height; y++) {
                    System.arraycopy(data, y * 300, expected, (row + y) * 1024 + column, width);
                    java.util.Arrays.fill(expected, (row + 9 + y) * 1024 + column, (row + 9 + y) * 1024 + column + width, (byte) i);
                }
            }
            byte[] back = new byte[expected.length];
            stream.copyToHost(MemorySegment.ofArray(back), image.memory(), 0);
            assertThat(back).isEqualTo(expected);
            stream.copy2D(new Pitched(pinned, 3, 2000), image.at(0, 0), 1000, 20);
            byte[] rows = new byte[20 * 1000];
            stream.copy2DToHost(MemorySegment.ofArray(rows), 1000, new Pitched(pinned, 3, 2000), 1000, 20);
            for (int y = 0; y < 20; y++) {
                assertThat(java.util.Arrays.copyOfRange(rows, y * 1000, y * 1000 + 1000)).isEqualTo(
                        java.util.Arrays.copyOfRange(expected, y * 1024, y * 1024 + 1000));
                assertThat(pinned.segment().get(U8, 3 + 2000L * y + 1000)).isEqualTo((byte) 0xee);
            }
            stream.fill2D32(new Pitched(pinned, 0, 16), 0x01020304, 3, 2);
            stream.fill2D16(new Pitched(pinned, 32, 16), (short) 0x0506, 3, 2);
            stream.synchronize();
            assertThat(pinned.segment().get(U32, 24)).isEqualTo(0x01020304);
            assertThat(pinned.segment().get(ValueLayout.JAVA_SHORT, 52)).isEqualTo((short) 0x0506);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void rectanglesThatDoNotFitAreRefusedWhole(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer memory = context.allocate(1000)) {
            Pitched all = new Pitched(memory, 0, 100);
            stream.fill2D8(all, (byte) 1, 100, 10);
            stream.fill2D8(new Pitched(memory, 50, 100), (byte) 1, 50, 10); // the last row ends with the memory
            refused(1, () -> stream.fill2D8(all, (byte) 2, 101, 1));
            refused(1, () -> stream.fill2D8(all, (byte) 2, 100, 11));
            refused(1, () -> stream.fill2D8(all, (byte) 2, 100, Long.MAX_VALUE));
            refused(1, () -> stream.fill2D8(all, (byte) 2, -1, 1));
            refused(1, () -> stream.fill2D32(new Pitched(memory, 0, 101), 2, 2, 2));
            refused(1, () -> stream.fill2D32(all, 2, Long.MAX_VALUE, 1));
            refused(1, () -> stream.copy2D(all, new Pitched(memory, 900, 100), 50, 2));
            refused(1, () -> stream.copy2DToHost(MemorySegment.ofArray(new byte[199]), 100, all, 100, 2));
            refused(1, () -> stream.copy2DToHost(MemorySegment.ofArray(new byte[200]).asReadOnly(), 100, all, 100, 2));
            refused(1, () -> context.allocatePitched(0, 1, 4));
            refused(1, () -> context.allocatePitched(Long.MAX_VALUE, 1, 4));
            refused(1, () -> context.allocatePitched(1, Long.MAX_VALUE, 4));
            refused(1, () -> context.allocatePitched(1, 1, 3));
            byte[] back = new byte[1000];
            stream.copyToHost(MemorySegment.ofArray(back), memory, 0);
            assertThat(back).containsOnly(1);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void oddSegmentsAndRangesHaveADefinedOutcome(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer memory = context.allocate(1000)) {
            Arena closed = Arena.ofShared();
            MemorySegment gone = closed.allocate(100);
            closed.close();
            refused(1, () -> stream.copyToDevice(memory, 0, gone));
            refused(1, () -> stream.copyToHost(gone, memory, 0));
            try (Arena confined = Arena.ofConfined()) {
                MemorySegment mine = confined.allocate(100);
                stream.copyToDevice(memory, 0, mine);
                Devices.sideBySide(ppu.link(), List.of(() -> refused(1, () -> stream.copyToHost(mine, memory, 0))));
            }
            MemorySegment readOnly = MemorySegment.ofArray(new byte[]{1, 2, 3}).asReadOnly();
            stream.copyToDevice(memory, 0, readOnly);
            refused(1, () -> stream.copyToHost(readOnly, memory, 0));
            refused(1, () -> stream.copyToDevice(memory, 998, readOnly));
            refused(1, () -> stream.copyToDevice(memory, -1, readOnly));
            refused(1, () -> stream.fill8(memory, 0, (byte) 0, 1001));
            refused(1, () -> stream.fill8(memory, Long.MAX_VALUE, (byte) 0, 1));
            refused(1, () -> stream.fill8(memory, 0, (byte) 0, -1));
            refused(1, () -> stream.fill32(memory, 0, 0, Long.MAX_VALUE));
            refused(1, () -> stream.fill16(memory, 1, (short) 0, 1));
            refused(1, () -> stream.copy(memory, 0, memory, 5, 10));
            refused(1, () -> context.allocate(-1));
            refused(2, () -> context.allocate(1L << 46));
            stream.fill8(memory, 1000, (byte) 0, 0);
            stream.copy(memory, 1000, memory, 1000, 0);
            stream.copyToHost(MemorySegment.ofArray(new byte[0]), memory, 1000);
            DeviceBuffer freed = context.allocate(100);
            freed.close();
            refused(400, () -> stream.fill8(freed, 0, (byte) 0, 1));
            stream.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void pointersTellWhatTheyBelongTo(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext()) {
            DeviceBuffer device = context.allocate(10_000);
            PinnedBuffer pinned = context.allocatePinned(100);
            PointerAttributes inside = context.pointer(device.address() + 9_999);
            assertThat(inside).isEqualTo(new PointerAttributes(device, device.address(), 10_000, 9_999));
            assertThat(inside.context()).isSameAs(context);
            assertThat(context.pointer(pinned.address()).kind()).isEqualTo(MemoryKind.PINNED);
            refused(1, () -> context.pointer(device.address() + 10_000));
            refused(1, () -> context.pointer(0));
            device.close();
            refused(1, () -> context.pointer(device.address()));
            long free = ppu.memoryInfo().free();
            DeviceBuffer big = context.allocate(1 << 24);
            assertThat(ppu.memoryInfo().free()).isLessThanOrEqualTo(free - (1 << 24));
            assertThat(ppu.memoryInfo().total()).isLessThanOrEqualTo(96L << 30).isGreaterThan(95L << 30);
            big.close();
            assertThat(ppu.memoryInfo().free()).isEqualTo(free);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void waitsCompareAsPublished(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PinnedBuffer memory = context.allocatePinned(64)) {
            MemorySegment host = memory.segment();
            check(stream, () -> stream.waitValue32(memory, 0, Compare.GREATER_OR_EQUAL, 5), () -> host.set(U32, 0, 4),
                    () -> host.set(U32, 0, 5));
            check(stream, () -> stream.waitValue32(memory, 0, Compare.GREATER_OR_EQUAL, Integer.MIN_VALUE + 3),
                    () -> host.set(U32, 0, Integer.MAX_VALUE), () -> host.set(U32, 0, Integer.MIN_VALUE + 4)); // cyclic
            check(stream, () -> stream.waitValue32(memory, 0, Compare.EQUAL, 9), () -> host.set(U32, 0, 10),
                    () -> host.set(U32, 0, 9));
            check(stream, () -> stream.waitValue32(memory, 0, Compare.AND, 6), () -> host.set(U32, 0, 9),
                    () -> host.set(U32, 0, 2));
            check(stream, () -> stream.waitValue32(memory, 0, Compare.NOR, 0xffff_fff0), () -> host.set(U32, 0, 0xf),
                    () -> host.set(U32, 0, 0x7));
            check(stream, () -> stream.waitValue64(memory, 8, Compare.GREATER_OR_EQUAL, 1L << 40), () -> host.set(U64, 8, 5),
                    () -> host.set(U64, 8, (1L << 40) + 1));
            check(stream, () -> stream.waitValue64(memory, 8, Compare.EQUAL, -2), () -> host.set(U64, 8, 0xffff_fffeL),
                    () -> host.set(U64, 8, -2));
            check(stream, () -> stream.waitValue64(memory, 8, Compare.AND, 1L << 63), () -> host.set(U64, 8, Long.MAX_VALUE),
                    () -> host.set(U64, 8, Long.MIN_VALUE));
            check(stream, () -> stream.waitValue64(memory, 8, Compare.NOR, Long.MIN_VALUE), () -> host.set(U64, 8, Long.MAX_VALUE),
                    () -> host.set(U64, 8, Long.MAX_VALUE - 1));
            refused(1, () -> stream.waitValue32(memory, 2, Compare.EQUAL, 0));
            refused(1, () -> stream.waitValue64(memory, 4, Compare.EQUAL, 0));
            refused(1, () -> stream.writeValue64(memory, 60, 0));
        }
    }

    private static void check(Stream stream, Runnable wait, Runnable notYet, Runnable now) {
        notYet.run();
        wait.run();
        stream.context().ppu().link().runtime().sleep(200_000);
        assertThat(stream.query()).isEqualTo(HgResult.NOT_READY);
        now.run();
        stream.synchronize();
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void batchesAreSubmittedWholeAndInOrder(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PinnedBuffer memory = context.allocatePinned(64)) {
            stream.batchMemoryOperations(
                    List.of(new WriteValue32(memory, 0, 1), new WaitValue32(memory, 0, Compare.EQUAL, 1), new WriteValue64(memory, 8, 2),
                            new WaitValue64(memory, 8, Compare.GREATER_OR_EQUAL, 2), new WriteValue32(memory, 0, 3)));
            stream.synchronize();
            assertThat(memory.segment().get(U32, 0)).isEqualTo(3);
            StreamMemoryOperation write = new WriteValue32(memory, 0, 4);
            stream.batchMemoryOperations(Collections.nCopies(255, write));
            refused(1, () -> stream.batchMemoryOperations(Collections.nCopies(256, write)));
            refused(1, () -> stream.batchMemoryOperations(List.of()));
            refused(1, () -> stream.batchMemoryOperations(List.of(new WriteValue32(memory, 0, 99), new WriteValue32(memory, 1, 99))));
            stream.synchronize();
            assertThat(memory.segment().get(U32, 0)).isEqualTo(4); // nothing of the refused ones
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void destroyingAContextEndsTheCopiesOfOtherThreads(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Inventory before = ppu.inventory();
            Context context = ppu.createContext();
            DeviceBuffer device = context.allocate(1 << 20);
            AtomicReference<Throwable> odd = new AtomicReference<>();
            Runnable copier = () -> {
                try (Arena arena = Arena.ofShared()) {
                    Stream stream = context.createStream();
                    MemorySegment host = arena.allocate(1 << 20);
                    while (true) {
                        stream.copyToDevice(device, 0, host);
                        context.copyToHost(host, device, 0);
                    }
                } catch (dev.openppu.driver.PpuException e) {
                    if (e.hgresult() != HgResult.CONTEXT_IS_DESTROYED) {
                        odd.set(e);
                    }
                } catch (RuntimeException | Error e) {
                    odd.set(e);
                }
            };
            Devices.sideBySide(ppu.link(), List.of(copier, copier, copier, () -> {
                ppu.link().runtime().sleep(3_000_000);
                context.close();
            }));
            assertThat(odd.get()).isNull();
            Context.clearCurrent();
            assertThat(ppu.inventory()).isEqualTo(before);
        }
    }
}
