package dev.openppu.hal.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharedMemoryTest {
    private static final long PAGE = HostMemory.pageSize();

    @Test
    void everyMappingShowsTheSameBytes() {
        try (Arena arena = Arena.ofConfined(); SharedMemory memory = SharedMemory.create("test", 4 * PAGE)) {
            MemorySegment all = memory.map(0, 4 * PAGE, true, arena);
            MemorySegment part = memory.map(PAGE, PAGE, false, arena);
            all.set(JAVA_BYTE, PAGE + 5, (byte) 42);
            assertThat(part.get(JAVA_BYTE, 5)).isEqualTo((byte) 42);
            SharedMemory.discard(all.asSlice(PAGE, PAGE));
            assertThat(part.get(JAVA_BYTE, 5)).isZero();
            assertThatThrownBy(() -> memory.map(PAGE / 2, PAGE, true, arena)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> memory.map(2 * PAGE, 3 * PAGE, true, arena)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> memory.map(2 * PAGE, Long.MAX_VALUE, true, arena)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void whatIsMadeHereNobodyCanCutShort() {
        try (SharedMemory memory = SharedMemory.create("test", 4 * PAGE)) {
            assertThatThrownBy(() -> ShareCalls.ftruncate(memory.number(), PAGE)).isInstanceOf(PosixException.class)
                    .hasMessageContaining("EPERM");
        }
    }

    @Test
    void whatComesUnsealedIsSealedBeforeItsSizeIsBelieved() {
        int number = ShareCalls.memfdCreate("unsealed");
        ShareCalls.ftruncate(number, 2 * PAGE);
        try (SharedMemory memory = SharedMemory.adopt(Descriptor.own(number)).orElseThrow()) {
            assertThat(memory.bytes()).isEqualTo(2 * PAGE);
            assertThatThrownBy(() -> ShareCalls.ftruncate(number, PAGE)).isInstanceOf(PosixException.class);
        }
    }

    @Test
    void whatCannotBeSealedIsRefusedAndClosed() throws IOException {
        int number = ShareCalls.memfdCreate("stubborn");
        ShareCalls.ftruncate(number, PAGE);
        ShareCalls.addSeals(number, ShareCalls.F_SEAL_SEAL);
        long before = descriptors();
        assertThat(SharedMemory.adopt(Descriptor.own(number))).isEmpty();
        assertThat(SharedMemory.adopt(Descriptor.own(new EventDescriptor().number()))).isEmpty(); // no memory at all
        assertThat(descriptors()).isEqualTo(before - 1);
    }

    @Test
    void aMappingMayBePutAwayUnderItsUsers() {
        try (SharedMemory memory = SharedMemory.create("test", 2 * PAGE); SharedMemory other = SharedMemory.create("other", PAGE)) {
            MemorySegment place = memory.mapForEver(0, 2 * PAGE, true);
            place.set(JAVA_BYTE, PAGE, (byte) 1);
            SharedMemory.replace(place, Optional.empty());
            assertThat(place.get(JAVA_BYTE, PAGE)).isZero();
            other.mapForEver(0, PAGE, true).fill((byte) -1);
            SharedMemory.replace(place.asSlice(0, PAGE), Optional.of(other));
            assertThat(place.get(JAVA_BYTE, 0)).isEqualTo((byte) -1);
            SharedMemory.unmap(place);
        }
    }

    private static long descriptors() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }
}
