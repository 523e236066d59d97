package dev.openppu.hal.posix.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.posix.Errno;
import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.PosixException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixSocketTest {
    private final Arena arena = Arena.ofShared();
    private final UnixSocket.Pair pair = UnixSocket.pair();
    private final UnixSocket here = pair.first();
    private final UnixSocket there = pair.second();

    @AfterEach
    void close() {
        pair.close();
        arena.close();
    }

    private MemorySegment bytes(int count) {
        MemorySegment bytes = arena.allocate(count);
        for (int i = 0; i < count; i++) {
            bytes.set(JAVA_BYTE, i, (byte) (i * 31 + i / 251));
        }
        return bytes;
    }

    @Test
    void headAndBodyArriveInOnePiece() {
        MemorySegment sent = bytes(40);
        here.send(sent, 16, sent, 20, 10);
        MemorySegment got = arena.allocate(26);
        assertThat(there.receiveAll(got, 0, 26, null)).isTrue();
        assertThat(got.asSlice(0, 16).mismatch(sent.asSlice(0, 16))).isEqualTo(-1);
        assertThat(got.asSlice(16).mismatch(sent.asSlice(20, 10))).isEqualTo(-1);
    }

    /** A connection that was reset leaves the call's memory as it was: descriptors of an earlier message are not received again, and closed under whoever has their numbers now. */
    @Test
    void aResetBringsNoDescriptorsOfEarlierMessages() {
        try (UnixSocket.Pair pair = UnixSocket.pair();
                Arena arena = Arena.ofConfined();
                PassedDescriptors passed = new PassedDescriptors(4);
                EventDescriptor event = new EventDescriptor()) {
            MemorySegment memory = arena.allocate(8);
            pair.first().send(memory, 1, event.number());
            assertThat(pair.second().receive(memory, 0, 8, passed)).isEqualTo(1);
            assertThat(passed.count()).isEqualTo(1);
            passed.clear();
            pair.second().send(memory, 1);
            pair.first().close();
            assertThat(pair.second().receive(memory, 0, 8, passed)).isZero();
            assertThat(passed.count()).isZero();
        }
    }

    @Test
    void moreThanTheKernelTakesAtOnceArrivesWhole() throws InterruptedException {
        MemorySegment sent = bytes(8 << 20);
        Thread sender = Thread.ofPlatform().start(() -> here.send(sent, 5, sent, 5, sent.byteSize() - 5));
        MemorySegment got = arena.allocate(sent.byteSize());
        assertThat(there.receiveAll(got, 0, got.byteSize(), null)).isTrue();
        sender.join();
        assertThat(got.mismatch(sent)).isEqualTo(-1);
    }

    @Test
    void descriptorsComeWithTheBytesTheyWereSentWith() {
        try (EventDescriptor event = new EventDescriptor(); PassedDescriptors passed = new PassedDescriptors(2)) {
            here.send(bytes(4), 4);
            here.send(bytes(4), 4, event.number(), event.number());
            MemorySegment got = arena.allocate(4);
            there.receiveAll(got, 0, 4, passed);
            assertThat(passed.count()).isZero();
            there.receiveAll(got, 0, 4, passed);
            assertThat(passed.count()).isEqualTo(2);
            assertThat(passed.truncated()).isFalse();
            assertThat(passed.take(0).number()).isNotEqualTo(event.number());
            assertThatThrownBy(() -> passed.take(0)).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void tooManyDescriptorsAreSeenAndClosed() throws IOException {
        try (EventDescriptor event = new EventDescriptor(); PassedDescriptors passed = new PassedDescriptors(1)) {
            long before = descriptors();
            here.send(bytes(4), 4, event.number(), event.number(), event.number());
            there.receiveAll(arena.allocate(4), 0, 4, passed);
            assertThat(passed.count()).isEqualTo(1);
            assertThat(passed.truncated()).isTrue();
            passed.clear();
            here.send(bytes(4), 4, event.number());
            there.receiveAll(arena.allocate(4), 0, 4, null);
            assertThat(descriptors()).isEqualTo(before);
        }
    }

    @Test
    void anEndIsNoErrorUnlessItIsInTheMiddle() {
        here.send(bytes(3), 3);
        here.close();
        MemorySegment got = arena.allocate(8);
        assertThatThrownBy(() -> there.receiveAll(got, 0, 8, null)).isInstanceOf(PosixException.class).hasMessageContaining("3 of 8");
        assertThat(there.receiveAll(got, 0, 8, null)).isFalse();
        assertThatThrownBy(() -> there.send(bytes(1), 1)).isInstanceOfSatisfying(PosixException.class,
                e -> assertThat(e.errno()).isEqualTo(Errno.EPIPE));
        assertThatThrownBy(() -> here.send(bytes(1), 1)).isInstanceOf(PosixException.class).hasMessageContaining("closed");
        assertThat(here.receiveAll(got, 0, 1, null)).isFalse();
    }

    /** A peer that died before it had read everything: the kernel calls that a reset. */
    @Test
    void aPeerThatDiedWithBytesUnreadIsAnEndToo() {
        here.send(bytes(3), 3);
        there.close();
        assertThat(here.receiveAll(arena.allocate(1), 0, 1, null)).isFalse();
    }

    /** The kernel leaves its structure alone then, in which the last descriptor's number still stands: that is somebody else's by now. */
    @Test
    void anEndBringsNoDescriptors() {
        try (EventDescriptor event = new EventDescriptor(); PassedDescriptors passed = new PassedDescriptors(1)) {
            there.send(bytes(1), 1, event.number());
            assertThat(here.receiveAll(arena.allocate(1), 0, 1, passed)).isTrue();
            passed.clear();
            here.send(bytes(3), 3);
            there.close();
            assertThat(here.receiveAll(arena.allocate(1), 0, 1, passed)).isFalse();
            assertThat(passed.count()).isZero();
        }
    }

    @Test
    void whoReceivesComesBackWhenAnotherThreadCloses() throws InterruptedException {
        AtomicReference<Boolean> more = new AtomicReference<>();
        Thread receiver = Thread.ofPlatform().start(() -> more.set(there.receiveAll(arena.allocate(1), 0, 1, null)));
        Thread.sleep(50);
        there.close();
        receiver.join();
        assertThat(more.get()).isFalse();
    }

    @Test
    void aSendGivesUpWhenTheOtherSideDoesNotRead() {
        here.limitSends(TimeUnit.MILLISECONDS.toNanos(100));
        long begin = System.nanoTime();
        assertThatThrownBy(() -> here.send(bytes(8 << 20), 8 << 20)).isInstanceOfSatisfying(PosixException.class,
                e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
        assertThat(System.nanoTime() - begin).isBetween(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.SECONDS.toNanos(30));
    }

    @Test
    void aListenerAcceptsUntilItIsClosed(@TempDir Path folder) throws InterruptedException {
        Path path = folder.resolve("s");
        try (UnixListener listener = UnixListener.bind(path)) {
            UnixSocket client = UnixSocket.connect(path);
            try (UnixSocket server = listener.accept().orElseThrow()) {
                client.send(bytes(5), 5);
                assertThat(server.receiveAll(arena.allocate(5), 0, 5, null)).isTrue();
            }
            client.close();
            AtomicReference<Boolean> accepted = new AtomicReference<>();
            Thread waiting = Thread.ofPlatform().start(() -> accepted.set(listener.accept().isPresent()));
            Thread.sleep(50);
            listener.close();
            waiting.join();
            assertThat(accepted.get()).isFalse();
        }
        assertThat(path).doesNotExist();
        assertThatThrownBy(() -> UnixSocket.connect(path)).isInstanceOf(PosixException.class).hasMessageContaining("ENOENT");
    }

    @Test
    void aSocketInUseIsLeftAloneAndADeadOneReplaced(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("s");
        try (UnixListener first = UnixListener.bind(path)) {
            assertThatThrownBy(() -> UnixListener.bind(path)).isInstanceOf(PosixException.class)
                    .hasMessageContaining("another process listens");
            first.accept().orElseThrow().close(); // who asked whether anything listens
            UnixSocket.connect(path).close();
            assertThat(first.accept()).isPresent();
        }
        Path moved = folder.resolve("moved");
        try (UnixListener dead = UnixListener.bind(path)) {
            Files.move(path, moved); // so that closing does not delete it
        }
        assertThatThrownBy(() -> UnixSocket.connect(moved)).isInstanceOf(PosixException.class).hasMessageContaining("ECONNREFUSED");
        UnixListener.bind(moved).close();
        Path file = Files.writeString(folder.resolve("file"), "precious");
        assertThatThrownBy(() -> UnixListener.bind(file)).isInstanceOf(PosixException.class).hasMessageContaining("no socket");
        assertThat(file).hasContent("precious");
    }

    /** The file at the path may be another's by now. */
    @Test
    void closingDeletesOnlyItsOwnFile(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("s");
        UnixListener former = UnixListener.bind(path);
        Files.delete(path);
        try (UnixListener _ = UnixListener.bind(path)) {
            former.close();
            assertThat(path).exists();
        }
    }

    @Test
    void onlyTheOwnerMayConnect(@TempDir Path folder) throws IOException {
        try (UnixListener listener = UnixListener.bind(folder.resolve("s"))) {
            assertThat(Files.getPosixFilePermissions(listener.path())).hasSize(2);
        }
    }

    private static long descriptors() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }
}
