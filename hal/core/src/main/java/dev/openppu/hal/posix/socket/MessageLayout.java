package dev.openppu.hal.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * {@code struct msghdr} with two {@code struct iovec} and room for descriptors behind it: made once, filled for each call. Addresses are numbers here, so that filling allocates nothing; who
 * fills keeps the memory alive.
 *
 * <pre>
 *  0 msg_name      8 msg_namelen  16 msg_iov  24 msg_iovlen  32 msg_control  40 msg_controllen  48 msg_flags
 * 56 iov_base     64 iov_len      72 iov_base 80 iov_len
 * 88 cmsg_len     96 cmsg_level  100 cmsg_type  104 descriptors, 4 bytes each
 * </pre>
 */
final class MessageLayout {
    static final StructLayout MSGHDR = MemoryLayout.structLayout(JAVA_LONG.withName("msg_name"), JAVA_INT.withName("msg_namelen"),
            MemoryLayout.paddingLayout(4), JAVA_LONG.withName("msg_iov"), JAVA_LONG.withName("msg_iovlen"),
            JAVA_LONG.withName("msg_control"),
            JAVA_LONG.withName("msg_controllen"), JAVA_INT.withName("msg_flags"), MemoryLayout.paddingLayout(4));
    static final StructLayout IOVEC = MemoryLayout.structLayout(JAVA_LONG.withName("iov_base"), JAVA_LONG.withName("iov_len"));
    static final StructLayout CMSGHDR = MemoryLayout.structLayout(JAVA_LONG.withName("cmsg_len"), JAVA_INT.withName("cmsg_level"),
            JAVA_INT.withName("cmsg_type"));

    static final int SOL_SOCKET = 1;
    static final int SCM_RIGHTS = 1;
    /** Among others in {@code msg_flags}, {@code MSG_CMSG_CLOEXEC} for one. */
    private static final int MSG_CTRUNC = 8;

    private static final VarHandle IOV = field(MSGHDR, "msg_iov");
    private static final VarHandle IOV_COUNT = field(MSGHDR, "msg_iovlen");
    private static final VarHandle CONTROL = field(MSGHDR, "msg_control");
    private static final VarHandle CONTROL_BYTES = field(MSGHDR, "msg_controllen");
    private static final VarHandle FLAGS = field(MSGHDR, "msg_flags");
    private static final VarHandle IOV_BASE = field(IOVEC, "iov_base");
    private static final VarHandle IOV_BYTES = field(IOVEC, "iov_len");
    private static final VarHandle CMSG_BYTES = field(CMSGHDR, "cmsg_len");
    private static final VarHandle CMSG_LEVEL = field(CMSGHDR, "cmsg_level");
    private static final VarHandle CMSG_TYPE = field(CMSGHDR, "cmsg_type");

    private static final long IOV_AT = MSGHDR.byteSize();
    private static final long CONTROL_AT = IOV_AT + 2 * IOVEC.byteSize();
    private static final long DESCRIPTORS_AT = CONTROL_AT + CMSGHDR.byteSize();

    private final MemorySegment memory;

    /** @param descriptors most at once */
    MessageLayout(int descriptors) {
        memory = Arena.ofAuto().allocate(DESCRIPTORS_AT + (long) descriptors * Integer.BYTES, Long.BYTES);
        IOV.set(memory, 0L, memory.address() + IOV_AT);
        CONTROL.set(memory, 0L, memory.address() + CONTROL_AT);
    }

    private static VarHandle field(StructLayout layout, String name) {
        return layout.varHandle(PathElement.groupElement(name));
    }

    /** What the call gets. */
    MemorySegment memory() {
        return memory;
    }

    void bytes(long address, long count) {
        IOV_COUNT.set(memory, 0L, 1L);
        part(0, address, count);
    }

    void bytes(long address, long count, long secondAddress, long secondCount) {
        IOV_COUNT.set(memory, 0L, 2L);
        part(0, address, count);
        part(1, secondAddress, secondCount);
    }

    private void part(int index, long address, long count) {
        long at = IOV_AT + index * IOVEC.byteSize();
        IOV_BASE.set(memory, at, address);
        IOV_BYTES.set(memory, at, count);
    }

    /** Descriptors to send with the bytes; none is allowed. */
    void descriptors(int[] numbers) {
        long bytes = CMSGHDR.byteSize() + (long) numbers.length * Integer.BYTES;
        CONTROL_BYTES.set(memory, 0L, numbers.length == 0 ? 0L : bytes);
        CMSG_BYTES.set(memory, CONTROL_AT, bytes);
        CMSG_LEVEL.set(memory, CONTROL_AT, SOL_SOCKET);
        CMSG_TYPE.set(memory, CONTROL_AT, SCM_RIGHTS);
        for (int i = 0; i < numbers.length; i++) {
            memory.set(JAVA_INT, DESCRIPTORS_AT + (long) i * Integer.BYTES, numbers[i]);
        }
    }

    /** How many descriptors may be received. */
    void room(int descriptors) {
        CONTROL_BYTES.set(memory, 0L, descriptors == 0 ? 0L : CMSGHDR.byteSize() + (long) descriptors * Integer.BYTES);
        FLAGS.set(memory, 0L, 0);
    }

    /** How many were received. */
    int received() {
        boolean some = (long) CONTROL_BYTES.get(memory, 0L) >= CMSGHDR.byteSize() && (int) CMSG_LEVEL.get(memory, CONTROL_AT) == SOL_SOCKET
                && (int) CMSG_TYPE.get(memory, CONTROL_AT) == SCM_RIGHTS;
        return some ? (int) (((long) CMSG_BYTES.get(memory, CONTROL_AT) - CMSGHDR.byteSize()) / Integer.BYTES) : 0;
    }

    int received(int index) {
        return memory.get(JAVA_INT, DESCRIPTORS_AT + (long) index * Integer.BYTES);
    }

    /** There were more descriptors than room; the kernel has closed them. */
    boolean truncated() {
        return ((int) FLAGS.get(memory, 0L) & MSG_CTRUNC) != 0;
    }
}
