package dev.openppu.twin;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The twins by their C names ({@code twins.h}); nobody above the classes of this package sees a handle. */
@SuppressWarnings("restricted") // native access is what this package is for
final class TwinCalls {
    private static final MethodHandle BUCKET = call("twin_bucket", JAVA_INT, JAVA_LONG);
    private static final MethodHandle DEVICE_START = call("twin_device_start", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT,
            JAVA_INT);
    private static final MethodHandle DEVICE_STOP = call("twin_device_stop", JAVA_LONG, ADDRESS);
    private static final MethodHandle HOST_OPEN = call("twin_host_open", ADDRESS, JAVA_LONG);
    private static final MethodHandle HOST_CLOSE = action("twin_host_close", ADDRESS);
    private static final MethodHandle HOST_DEVICE = call("twin_host_device", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle HOST_ROUND_TRIPS = call("twin_host_round_trips", JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle HOST_STREAM = call("twin_host_stream", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle HOST_PRODUCERS = call("twin_host_producers", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle HOST_UNDER_LOAD = call("twin_host_under_load", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    private static final MethodHandle REGISTER_READS = call("twin_register_reads", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    private static final MethodHandle REGISTER_WRITES = call("twin_register_writes", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle COPIES = call("twin_copies", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WAKE_UPS = call("twin_wake_ups", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle LINK_READS = call("twin_link_reads", JAVA_LONG, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle GET_AFFINITY = call("twin_get_affinity", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle SET_AFFINITY = call("twin_set_affinity", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle MAP_PAGES = call("twin_map_pages", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG);
    private static final MethodHandle PLAIN_RING = call("twin_plain_ring", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    private static final MethodHandle LIBRARY_OPEN = call("twin_library_open", ADDRESS, ADDRESS);
    private static final MethodHandle LIBRARY_CLOSE = action("twin_library_close", ADDRESS);
    private static final MethodHandle LIBRARY_READS = call("twin_library_reads", JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG,
            ADDRESS);

    private TwinCalls() {}

    private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle action(String name, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.ofVoid(arguments));
    }

    private static MethodHandle link(String name, FunctionDescriptor descriptor) {
        MemorySegment symbol = TwinLibrary.symbols().find(name)
                .orElseThrow(() -> new UnsupportedOperationException("the compiled twins have no '" + name + "'"));
        return Linker.nativeLinker().downcallHandle(symbol, descriptor);
    }

    static int bucket(long value) {
        try {
            return (int) BUCKET.invokeExact(value);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static MemorySegment deviceStart(MemorySegment ring, long packets, MemorySegment readIndex, MemorySegment doorbell, int watch,
            int cpu) {
        try {
            return (MemorySegment) DEVICE_START.invokeExact(ring, packets, readIndex, doorbell, watch, cpu);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long deviceStop(MemorySegment device) {
        try {
            return (long) DEVICE_STOP.invokeExact(device);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static MemorySegment hostOpen(long packets) {
        try {
            return (MemorySegment) HOST_OPEN.invokeExact(packets);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static void hostClose(MemorySegment host) {
        try {
            HOST_CLOSE.invokeExact(host);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static MemorySegment hostDevice(MemorySegment host, int watch, int cpu) {
        try {
            return (MemorySegment) HOST_DEVICE.invokeExact(host, watch, cpu);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long hostRoundTrips(MemorySegment host, long count, MemorySegment buckets) {
        try {
            return (long) HOST_ROUND_TRIPS.invokeExact(host, count, buckets);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long hostStream(MemorySegment host, long count, long perDoorbell) {
        try {
            return (long) HOST_STREAM.invokeExact(host, count, perDoorbell);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long hostProducers(MemorySegment host, long countEach, int producers) {
        try {
            return (long) HOST_PRODUCERS.invokeExact(host, countEach, producers);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long hostUnderLoad(MemorySegment host, long count, long garbageBytes, MemorySegment buckets) {
        try {
            return (long) HOST_UNDER_LOAD.invokeExact(host, count, garbageBytes, buckets);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long registerReads(MemorySegment device, long offset, long count, MemorySegment last) {
        try {
            return (long) REGISTER_READS.invokeExact(device, offset, count, last);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long registerWrites(MemorySegment device, long offset, long count) {
        try {
            return (long) REGISTER_WRITES.invokeExact(device, offset, count);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long copies(MemorySegment destination, MemorySegment source, long bytes, long count) {
        try {
            return (long) COPIES.invokeExact(destination, source, bytes, count);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long wakeUps(int cpu, int otherCpu, long count, MemorySegment buckets) {
        try {
            return (long) WAKE_UPS.invokeExact(cpu, otherCpu, count, buckets);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long linkReads(int serverCpu, long count, MemorySegment buckets) {
        try {
            return (long) LINK_READS.invokeExact(serverCpu, count, buckets);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int getAffinity(MemorySegment mask) {
        try {
            return (int) GET_AFFINITY.invokeExact(mask, mask.byteSize());
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int setAffinity(MemorySegment mask) {
        try {
            return (int) SET_AFFINITY.invokeExact(mask, mask.byteSize());
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long mapPages(MemorySegment memory, long address, long target, long bytes, long flags) {
        try {
            return (long) MAP_PAGES.invokeExact(memory, memory.byteSize(), address, target, bytes, flags);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long plainRing(MemorySegment ring, long packets, long count, MemorySegment signal) {
        try {
            return (long) PLAIN_RING.invokeExact(ring, packets, count, signal);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static MemorySegment libraryOpen(MemorySegment path) {
        try {
            return (MemorySegment) LIBRARY_OPEN.invokeExact(path);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static void libraryClose(MemorySegment library) {
        try {
            LIBRARY_CLOSE.invokeExact(library);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static long libraryReads(MemorySegment library, int bar, long offset, long count, MemorySegment sum) {
        try {
            return (long) LIBRARY_READS.invokeExact(library, bar, offset, count, sum);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static RuntimeException unexpected(Throwable t) {
        return switch (t) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> throw new AssertionError("a native call threw a checked exception", t);
        };
    }
}
