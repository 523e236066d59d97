package dev.openppu.bench.line;

import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.HelloWorld;
import dev.openppu.bench.host.OpenPpu;

/** Open, boot and close of a model in a warm JVM, beside the start of a Java hello world; milliseconds. */
final class LifecycleContest implements Contest {
    private final HelloWorld hello = new HelloWorld();

    @Override
    public Round java() {
        long before = Allocation.bytes();
        long start = System.nanoTime();
        OpenPpu.at(OpenPpu.FREE_RUNNING).close();
        long nanos = System.nanoTime() - start;
        return Round.of(Allocation.bytes() - before, 1e-6 * nanos);
    }

    @Override
    public double[] c() {
        return new double[]{hello.millis()};
    }

    /** Hello world is Java's. */
    @Override
    public boolean comparable() {
        return true;
    }

    @Override
    public void close() {
        hello.close();
    }
}
