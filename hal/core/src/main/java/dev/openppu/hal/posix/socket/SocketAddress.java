package dev.openppu.hal.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.openppu.hal.posix.Errno;
import dev.openppu.hal.posix.PosixException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@code struct sockaddr_un}: the family, 2 bytes, and the path with the zero that ends it. */
final class SocketAddress {
    static final int PATH_AT = 2;
    private static final int PATH_BYTES = 108;

    private SocketAddress() {}

    /** @throws PosixException ENAMETOOLONG */
    static MemorySegment of(Path path, Arena arena) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length >= PATH_BYTES) {
            throw new PosixException("the socket's path '%s' has %d bytes; a socket's path has 1 to %d".formatted(path, name.length,
                    PATH_BYTES - 1), Errno.ENAMETOOLONG);
        }
        MemorySegment address = arena.allocate(PATH_AT + name.length + 1L, Short.BYTES);
        address.set(JAVA_SHORT, 0, (short) SocketCalls.AF_UNIX);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, PATH_AT, name.length);
        return address;
    }
}
