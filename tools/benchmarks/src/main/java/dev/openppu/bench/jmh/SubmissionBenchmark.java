package dev.openppu.bench.jmh;

import dev.openppu.bench.host.Cpus;
import dev.openppu.bench.host.DriverQueue;
import dev.openppu.bench.host.ServedQueue;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.twin.DeviceTwin;
import dev.openppu.twin.DeviceTwin.Watch;
import dev.openppu.twin.Histogram;
import dev.openppu.twin.HostTwin;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Barrier packets on the driver's queue and on a C host's, the same device behind both. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class SubmissionBenchmark {
    private static final int PACKETS = 1024;

    /** The driver's queue at work. */
    @State(Scope.Thread)
    public static class Java {
        private final ServedQueue served = new ServedQueue(8, WaitPolicy.SPIN);
        private final DriverQueue queue = served.queue();
        private final ServedQueue.Device device = served.start(Watch.HEADER, Cpus.ofProcess().device());

        @TearDown(Level.Trial)
        public void close() {
            device.close();
            served.close();
        }
    }

    /** A C host's queue at work. */
    @State(Scope.Thread)
    public static class C {
        private final HostTwin host = HostTwin.open(256);
        private final Histogram histogram = new Histogram();
        private DeviceTwin[] device = {};

        @Setup
        public void start() {
            device = new DeviceTwin[]{host.device(Watch.HEADER, Cpus.ofProcess().device())};
        }

        @TearDown(Level.Trial)
        public void close() {
            device[0].close();
            host.close();
        }
    }

    @Benchmark
    public void roundTrip(Java java) {
        java.queue.poll(java.queue.submit());
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long roundTripInC(C c) {
        return c.host.roundTrips(PACKETS, c.histogram);
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void packets(Java java) {
        long target = 0;
        for (int i = 0; i < PACKETS; i++) {
            target = java.queue.submit();
        }
        java.queue.poll(target);
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long packetsInC(C c) {
        return c.host.stream(PACKETS, 1);
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void packetsBy16(Java java) {
        long target = 0;
        for (int i = 0; i < PACKETS; i += 16) {
            target = java.queue.submit(16);
        }
        java.queue.poll(target);
    }
}
