package dev.openppu.hal.posix.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.HostMemory;
import dev.openppu.hal.posix.PosixException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class SharedMemoryTest {
    private static final long PAGE = HostMemory.pageSize();

    @Test
    void whoMapsItSeesWhatOthersStore() {
        try (SharedMemory memory = SharedMemory.create("openppu-test", 4 * PAGE); Arena arena = Arena.ofShared()) {
            PassedFile file = new PassedFile(memory.descriptor());
            assertThat(file.size()).isEqualTo(4 * PAGE);
            assertThat(file.writable()).isTrue();
            MemorySegment other = file.map(PAGE, PAGE, true, arena);
            other.set(ValueLayout.JAVA_INT, 8, 810);
            assertThat(memory.segment().get(ValueLayout.JAVA_INT, PAGE + 8)).isEqualTo(810);
            assertThat(memory.nextTouched(0, 4 * PAGE)).isEqualTo(PAGE);
            memory.discard(0, 4 * PAGE);
            assertThat(other.get(ValueLayout.JAVA_INT, 8)).isZero();
        }
    }

    @Test
    void nobodyCanCutItShort() {
        try (SharedMemory memory = SharedMemory.create("openppu-test", 2 * PAGE)) {
            assertThat(new PassedFile(memory.descriptor()).cannotShrink()).isTrue();
            assertThatExceptionOfType(PosixException.class).isThrownBy(() -> FileCalls.ftruncate(memory.descriptor().number(), PAGE));
        }
    }

    @Test
    void whatCanBeCutShortIsReadTheLongWayOnly() {
        try (PassedFile file = new PassedFile(Descriptor.own(FileCalls.memfd("openppu-test"))); Arena arena = Arena.ofConfined()) {
            assertThat(file.cannotShrink()).isFalse();
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_LONG, 0x8106001L);
            file.write(PAGE, value);
            MemorySegment read = arena.allocate(Long.BYTES);
            file.read(PAGE, read);
            assertThat(read.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(0x8106001L);
            assertThatExceptionOfType(PosixException.class).isThrownBy(() -> file.read(2 * PAGE, read))
                    .withMessageContaining("behind the file's end");
            assertThatIllegalArgumentException().isThrownBy(() -> file.map(0, PAGE, true, Arena.global()))
                    .withMessageContaining("can shrink");
        }
    }

    @Test
    void descriptorsOfOtherKindsHaveNoBytes() {
        try (EventDescriptor event = new EventDescriptor()) {
            Descriptor descriptor = Descriptor.own(event.number());
            assertThat(PassedFile.isEvent(descriptor)).isTrue();
            assertThat(new PassedFile(descriptor).size()).isZero();
        }
        try (SharedMemory memory = SharedMemory.create("openppu-test", PAGE)) {
            assertThat(PassedFile.isEvent(memory.descriptor())).isFalse();
        }
    }

    @Test
    void whatComesUnsealedIsSealedIfItCanBe() {
        Descriptor descriptor = Descriptor.own(FileCalls.memfd("openppu-test"));
        FileCalls.ftruncate(descriptor.number(), 2 * PAGE);
        try (PassedFile file = new PassedFile(descriptor)) {
            file.keepSize();
            assertThat(file.cannotShrink()).isTrue();
            assertThatExceptionOfType(PosixException.class).isThrownBy(() -> FileCalls.ftruncate(descriptor.number(), PAGE));
        }
        Descriptor stubborn = Descriptor.own(FileCalls.memfd("openppu-test"));
        FileCalls.addSeals(stubborn.number(), FileCalls.F_SEAL_SEAL);
        try (PassedFile file = new PassedFile(stubborn)) {
            file.keepSize();
            assertThat(file.cannotShrink()).isFalse();
        }
    }

    @Test
    void aMappingMayBePutAwayUnderItsUsers() {
        try (SharedMemory memory = SharedMemory.create("openppu-test", 1 << 21)) {
            MemorySegment place = new PassedFile(memory.descriptor()).map(0, (1 << 21) - PAGE, true, Arena.global());
            place.set(ValueLayout.JAVA_INT, PAGE, 1);
            DeadMemory.ones(place);
            assertThat(place.get(ValueLayout.JAVA_INT, PAGE)).isEqualTo(-1);
            assertThat(place.get(ValueLayout.JAVA_INT, place.byteSize() - 4)).isEqualTo(-1);
            place.set(ValueLayout.JAVA_INT, PAGE, 2);
            DeadMemory.zeros(place);
            assertThat(place.get(ValueLayout.JAVA_INT, PAGE)).isZero();
            assertThat(memory.segment().get(ValueLayout.JAVA_INT, PAGE)).isEqualTo(1);
            DeadMemory.unmap(place);
        }
    }
}
