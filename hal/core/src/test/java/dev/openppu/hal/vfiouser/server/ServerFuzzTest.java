package dev.openppu.hal.vfiouser.server;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.file.SharedMemory;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.OwnDescriptors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Any stream of bytes, with descriptors, at a server that runs: the client is gone with a reason, the server goes on, and nothing is left of it. The stream is of chunks: a byte of
 * descriptors (the low two bits how many, the next ones of which kinds), a byte of length, bytes.
 */
class ServerFuzzTest {
    private static final int LONGEST_CHUNK = 255;
    private static final LinkedBlockingQueue<ServerEvent> EVENTS = new LinkedBlockingQueue<>();
    private static final PlainFunction FUNCTION = new PlainFunction();
    private static Path folder;
    private static VfioUserServer server;
    private static SharedMemory memory;
    private static EventDescriptor event;
    /** After the first stream: what attaches to a JVM opens a socket in it. */
    private static long descriptors;

    @BeforeAll
    static void serve() throws Exception {
        folder = Files.createTempDirectory("fuzz");
        server = VfioUserServer.open(folder.resolve("s"), FUNCTION, EVENTS::add);
        memory = SharedMemory.create("fuzz", 1 << 16);
        event = new EventDescriptor();
    }

    @AfterAll
    static void end() throws IOException {
        server.close();
        memory.close();
        event.close();
        Files.deleteIfExists(folder);
    }

    @FuzzTest(maxDuration = "10m")
    void survive(byte[] input) throws Exception {
        stream(input);
        if (FUNCTION.mappings() != 0) {
            throw new AssertionError("%d mappings are left".formatted(FUNCTION.mappings()));
        }
        long open = OwnDescriptors.awaitAtMost(descriptors == 0 ? Long.MAX_VALUE : descriptors);
        descriptors = descriptors == 0 ? open : descriptors;
        if (open > descriptors) {
            throw new AssertionError("%d descriptors are open; %d were".formatted(open, descriptors));
        }
    }

    private static void stream(byte[] input) throws InterruptedException {
        try (UnixSocket socket = UnixSocket.connect(folder.resolve("s")); Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(LONGEST_CHUNK + 1L);
            for (int at = 0; at + 2 < input.length;) {
                int[] passed = passed(input[at]);
                int length = Math.min(Math.max(1, input[at + 1] & 0xff), input.length - at - 2);
                MemorySegment.copy(input, at + 2, chunk, ValueLayout.JAVA_BYTE, 0, length);
                socket.send(chunk, length, passed);
                at += 2 + length;
            }
        } catch (PosixException e) {
            // it has ended the connection
        }
        awaitLeft();
    }

    private static int[] passed(byte how) {
        int[] numbers = new int[how & 3];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (how >> 2 + i & 1) == 0 ? event.number() : memory.descriptor().number();
        }
        return numbers;
    }

    private static void awaitLeft() throws InterruptedException {
        while (true) {
            ServerEvent next = EVENTS.poll(20, TimeUnit.SECONDS);
            switch (next) {
                case null -> throw new AssertionError("the client is gone, and the server has not noticed");
                case ServerEvent.Trouble trouble -> throw new AssertionError("trouble: " + trouble.reason());
                case ServerEvent.Left left -> {
                    if (left.reason().isEmpty()) {
                        throw new AssertionError("no reason");
                    }
                    return;
                }
                default -> {
                    // on its way
                }
            }
        }
    }
}
