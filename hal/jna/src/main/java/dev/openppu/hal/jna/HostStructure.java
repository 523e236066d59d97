package dev.openppu.hal.jna;

import com.sun.jna.Callback;
import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import dev.openppu.hal.library.LibraryHost;
import dev.openppu.hal.library.LibraryResult;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** {@code ppu_host}: a host's functions as C calls them. Nothing that they throw reaches C. Whoever opens a device keeps it until the device is closed. */
@FieldOrder({"structSize", "reserved", "host", "dmaRead", "dmaWrite", "log"})
public final class HostStructure extends Structure {
    private static final System.Logger LOG = System.getLogger(HostStructure.class.getName());

    public int structSize;
    public int reserved;
    public @Nullable Pointer host;
    public Transfer dmaRead;
    public Transfer dmaWrite;
    public Line log;

    /** {@code dma_read}, {@code dma_write}. */
    @FunctionalInterface
    public interface Transfer extends Callback {
        int invoke(Pointer host, long iova, Pointer buffer, long bytes);
    }

    /** {@code log}. */
    @FunctionalInterface
    public interface Line extends Callback {
        void invoke(Pointer host, int level, Pointer text);
    }

    HostStructure(LibraryHost host) {
        dmaRead = attached((self, iova, buffer, bytes) -> answer(() -> host.dmaRead(iova, segment(buffer, bytes))));
        dmaWrite = attached((self, iova, buffer, bytes) -> answer(() -> host.dmaWrite(iova, segment(buffer, bytes).asReadOnly())));
        log = attached((self, level, text) -> answer(() -> {
            host.log(level, JnaLibrary.text(text));
            return true;
        }));
        structSize = size();
    }

    /** The library's threads stay the JVM's until they end: attaching one costs more than the call. */
    private static <C extends Callback> C attached(C callback) {
        Native.setCallbackThreadInitializer(callback, new CallbackThreadInitializer(true, false, "ppu-library"));
        return callback;
    }

    private static MemorySegment segment(Pointer buffer, long bytes) {
        return JnaLibrary.segment(buffer, bytes);
    }

    /** What a host is asked. */
    @FunctionalInterface
    private interface Question {
        boolean ask();
    }

    private static int answer(Question question) {
        try {
            return (question.ask() ? LibraryResult.OK : LibraryResult.INVALID).code();
        } catch (Throwable t) {
            LOG.log(System.Logger.Level.ERROR, "a device in a library asked something of its host that failed", t);
            return LibraryResult.FAILED.code();
        }
    }
}
