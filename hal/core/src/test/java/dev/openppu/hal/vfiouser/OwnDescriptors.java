package dev.openppu.hal.vfiouser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Counts this process's descriptors of the kinds that links and servers open: sockets, shared memory, events, polls. What else a JVM opens comes and goes. */
public final class OwnDescriptors {
    private OwnDescriptors() {}

    public static long count() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(OwnDescriptors::counts).count();
        }
    }

    /** Waits a while for there to be no more than so many: who closes one that is being used leaves that to its user. @return how many there are */
    public static long awaitAtMost(long most) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        long open = count();
        while (open > most && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            open = count();
        }
        return open;
    }

    private static boolean counts(Path descriptor) {
        try {
            String what = Files.readSymbolicLink(descriptor).toString();
            return what.startsWith("socket:") || what.startsWith("/memfd:") || what.contains("[eventfd]") || what.contains("[eventpoll]");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
