package dev.openppu.hal.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.posix.PosixException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The kernel's structures, by their numbers. */
class MessageLayoutTest {
    @Test
    void structuresHaveTheKernelsSizesAndOffsets() {
        assertThat(MessageLayout.MSGHDR.byteSize()).isEqualTo(56);
        assertThat(MessageLayout.MSGHDR.byteOffset(PathElement.groupElement("msg_iov"))).isEqualTo(16);
        assertThat(MessageLayout.MSGHDR.byteOffset(PathElement.groupElement("msg_control"))).isEqualTo(32);
        assertThat(MessageLayout.MSGHDR.byteOffset(PathElement.groupElement("msg_flags"))).isEqualTo(48);
        assertThat(MessageLayout.IOVEC.byteSize()).isEqualTo(16);
        assertThat(MessageLayout.CMSGHDR.byteSize()).isEqualTo(16);
    }

    @Test
    void oneDescriptorTakesTwentyBytesOfControl() {
        MessageLayout message = new MessageLayout(4);
        message.bytes(0x1000, 16, 0x2000, 8);
        message.descriptors(new int[]{7});
        MemorySegment memory = message.memory();
        assertThat(memory.get(JAVA_LONG, 16)).isEqualTo(memory.address() + 56);
        assertThat(memory.get(JAVA_LONG, 24)).isEqualTo(2);
        assertThat(memory.get(JAVA_LONG, 32)).isEqualTo(memory.address() + 88);
        assertThat(memory.get(JAVA_LONG, 40)).isEqualTo(20);
        assertThat(memory.get(JAVA_LONG, 72)).isEqualTo(0x2000);
        assertThat(memory.get(JAVA_LONG, 88)).isEqualTo(20);
        assertThat(memory.get(JAVA_INT, 96)).isEqualTo(1);
        assertThat(memory.get(JAVA_INT, 100)).isEqualTo(1);
        assertThat(memory.get(JAVA_INT, 104)).isEqualTo(7);
        assertThat(message.received(0)).isEqualTo(7);
    }

    /** The kernel says also with which flag it was asked, MSG_CMSG_CLOEXEC. */
    @Test
    void truncationIsOneBitOfSeveral() {
        MessageLayout message = new MessageLayout(1);
        message.memory().set(JAVA_INT, 48, 0x4000_0000);
        assertThat(message.truncated()).isFalse();
        message.memory().set(JAVA_INT, 48, 0x4000_0008);
        assertThat(message.truncated()).isTrue();
    }

    @Test
    void anAddressIsItsFamilyAndThePathWithAZero() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SocketAddress.of(Path.of("/a"), arena);
            assertThat(address.toArray(JAVA_BYTE)).containsExactly(1, 0, '/', 'a', 0);
            assertThatThrownBy(() -> SocketAddress.of(Path.of("/" + "x".repeat(107)), arena)).isInstanceOf(PosixException.class)
                    .hasMessageContaining("107");
            assertThat(SocketAddress.of(Path.of("/" + "x".repeat(106)), arena).byteSize()).isEqualTo(110);
        }
    }
}
