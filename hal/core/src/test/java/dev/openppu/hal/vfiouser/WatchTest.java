package dev.openppu.hal.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.vfiouser.protocol.PeerCapabilities;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchTest {
    /** A server takes nothing before the first message, and this side may be slow to send that: a busy host, a JVM that has just begun. */
    @Test
    void aServerThatWasNotGreetedIsAskedNothing() {
        AtomicInteger asked = new AtomicInteger();
        try (UnixSocket.Pair ends = UnixSocket.pair();
                Connection connection = new Connection("test:", ends.first(), TimeUnit.SECONDS.toNanos(100))) {
            Watch watch = new Watch(connection, new PeerProcess(OptionalLong.empty()), asked::incrementAndGet, () -> {});
            long later = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            watch.look(later);
            assertThat(asked).hasValue(0);
            connection.agreed(PeerCapabilities.DEFAULTS);
            watch.look(later);
            assertThat(asked).hasValue(1);
        }
    }
}
