package dev.openppu.hal.vfiouser;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.file.SharedMemory;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.RemoteDmaSpace.ByMessages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Any stream of bytes, with descriptors, from a server: a link, or a {@link LinkException}, and nothing is left of either. */
class ClientFuzzTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    @FuzzTest(maxDuration = "10m")
    void server(byte[] input) throws Exception {
        long before = OwnDescriptors.count();
        UnixSocket.Pair pair = UnixSocket.pair();
        Thread server = Thread.ofPlatform().daemon().start(() -> send(pair.second(), input));
        VfioUserLink.Settings settings = new VfioUserLink.Settings("vfio-user:fuzz", 1, PATIENCE_NANOS, ByMessages.CALLERS, false);
        try (VfioUserLink link = new VfioUserLink(settings, pair.first())) {
            use(link);
        } catch (LinkException e) {
            // the server has broken the protocol, or ended
        }
        server.join();
        pair.close();
        long open = OwnDescriptors.awaitAtMost(before);
        if (open > before) {
            throw new AssertionError("%d descriptors are open; %d were".formatted(open, before));
        }
        if (Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().startsWith("ppu-vfio-user"))) {
            throw new AssertionError("threads are left: " + Thread.getAllStackTraces().keySet());
        }
    }

    private static void use(VfioUserLink link) {
        link.config().write16(4, 7);
        link.bars().forEach(bar -> link.bar(bar.index()).read32(0));
        link.dma().allocate(4096, DmaAccess.BOTH).close();
        link.resets().forEach(link::reset);
    }

    /** With the first byte, if it is odd, goes a descriptor: of what could be mapped. */
    private static void send(UnixSocket socket, byte[] input) {
        try (SharedMemory memory = SharedMemory.create("fuzz", 4096); Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, input.length == 0 ? new byte[1] : input);
            int[] passed = (bytes.get(JAVA_BYTE, 0) & 1) == 0 ? new int[0] : new int[]{memory.descriptor().number()};
            if (bytes.byteSize() > 1) {
                socket.send(bytes.asSlice(1), bytes.byteSize() - 1, passed);
            }
            end(socket);
        } catch (PosixException e) {
            // the client has ended the connection
        }
    }

    /** Once the client has asked all that it was answered, it waits: then the server is gone. */
    private static void end(UnixSocket socket) {
        Thread.ofPlatform().daemon().start(() -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
            socket.shutdown();
        });
        MemorySegment sink = Arena.ofAuto().allocate(1 << 12);
        while (socket.receive(sink, 0, sink.byteSize()) > 0) {
            // commands
        }
    }
}
