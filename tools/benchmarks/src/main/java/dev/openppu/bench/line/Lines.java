package dev.openppu.bench.line;

import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Entry;
import dev.openppu.bench.contest.Metric;
import dev.openppu.bench.contest.Target;
import dev.openppu.bench.contest.Target.JavaAtLeast;
import dev.openppu.bench.contest.Target.JavaAtMost;
import dev.openppu.bench.contest.Target.RatioAtLeast;
import dev.openppu.bench.contest.Target.RatioAtMost;
import dev.openppu.bench.contest.Target.Reported;
import dev.openppu.bench.handover.AgronaHandOver;
import dev.openppu.bench.handover.DisruptorHandOver;
import dev.openppu.bench.handover.HandOver;
import dev.openppu.bench.handover.JcToolsHandOver;
import dev.openppu.reference.ReferenceDevice;
import dev.openppu.twin.DeviceTwin.Watch;
import dev.openppu.twin.TwinLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** All lines of the table, in its order. */
public final class Lines {
    private static final int FULL_SAMPLES = 10_000_000;
    private static final int QUICK_SAMPLES = 500_000;
    private static final String NANOS = "ns";
    private static final String MICROS = "us";
    private static final String MILLIS = "ms";
    private static final String RATE = "M/s";
    private static final String BANDWIDTH = "GB/s";

    private final List<Entry> entries = new ArrayList<>();

    private Lines() {}

    /**
     * @param ppu the command that is {@code ppu} here; empty leaves its line out
     * @param quick fewer samples where a line has a number of its own
     */
    public static List<Entry> all(List<String> ppu, boolean quick) {
        Lines lines = new Lines();
        lines.registers();
        lines.libraries();
        lines.queues(quick);
        lines.handOvers();
        lines.copies();
        lines.links();
        lines.wakeUps();
        lines.simulation();
        lines.recordings();
        lines.memory();
        lines.starts(ppu);
        return List.copyOf(lines.entries);
    }

    private void registers() {
        add(RegisterContest::new,
                line("register-read", NANOS, new RatioAtMost(2), "generated read on a mapped BAR; C: readl, out of line"),
                line("register-write", NANOS, new RatioAtMost(2), "generated write on a mapped BAR; C: writel, out of line"));
    }

    /** Where the reference device and the twins were built. */
    private void libraries() {
        if (ReferenceDevice.library().absence().isEmpty() && TwinLibrary.absence().isEmpty()) {
            add(LibraryContest::new,
                    line("library-read", NANOS, new Reported(), "register read by a call into a library, FFM; the same call in C"),
                    line("library-read-jna", NANOS, new Reported(), "the same through JNA; beside it JAVA's FFM"));
        }
    }

    private void queues(boolean quick) {
        add(RoundTripContest::new,
                line("barrier-depth1-median", NANOS, new RatioAtMost(1.1),
                        "submit to polled completion, one packet in flight; C host, same device"),
                line("barrier-depth1-p99", NANOS, new RatioAtMost(1.3), "the same, 99th percentile"),
                line("submit-bytes", "B", new JavaAtMost(0), "bytes allocated by a submission and its polled completion"));
        add(() -> new ThroughputContest(6, 1, Watch.HEADER),
                line("packets-64", RATE, new RatioAtLeast(0.8), "64 in flight, doorbell each; C host"));
        add(() -> new ThroughputContest(8, 1, Watch.HEADER),
                line("packets-256", RATE, new RatioAtLeast(0.8), "256 in flight, doorbell each; C host"));
        add(() -> new ThroughputContest(6, 16, Watch.HEADER),
                line("packets-64-bell16", RATE, new RatioAtLeast(0.9), "64 in flight, doorbell per 16; C host"));
        add(() -> new ThroughputContest(8, 16, Watch.HEADER),
                line("packets-256-bell16", RATE, new RatioAtLeast(0.9), "256 in flight, doorbell per 16; C host"));
        add(() -> new ThroughputContest(8, 16, Watch.DOORBELL),
                line("packets-256-watch-bell", RATE, new Reported(), "doorbell per 16, and the device looks at nothing else; C host"));
        add(() -> new ProducersContest(4), line("producers-4", RATE, new Reported(), "four threads on one queue; four C threads"));
        add(() -> new UnderLoadContest(quick ? QUICK_SAMPLES : FULL_SAMPLES),
                line("submit-load-p99.99", NANOS, new RatioAtMost(3), "one submission, garbage made between them; C host, calloc and free"),
                line("submit-load-p99.9", NANOS, new Reported(), "the same, 99.9th percentile"));
    }

    private void handOvers() {
        handOver("jctools", JcToolsHandOver::new, "JCTools SpscArrayQueue");
        handOver("disruptor", DisruptorHandOver::new, "Disruptor ring");
        handOver("agrona", AgronaHandOver::new, "Agrona OneToOneRingBuffer");
    }

    private void handOver(String name, IntFunction<HandOver> library, String what) {
        add(() -> new HandOverContest(library),
                line("hand-over-" + name + "-depth1", NANOS, new Reported(), what + ", there and back; C's packet there and back"),
                line("hand-over-" + name + "-256", RATE, new Reported(), what + ", 256 in flight; C's packets"));
    }

    private void copies() {
        copies(64 << 10, "64k", 0.6);
        copies(1 << 20, "1m", 0.9);
        copies(16 << 20, "16m", 0.9);
    }

    private void copies(int bytes, String size, double target) {
        add(() -> new CopyContest(bytes),
                line("copy-" + size + "-to-device", BANDWIDTH, new RatioAtLeast(target), "pinned memory to device; memcpy"),
                line("copy-" + size + "-to-host", BANDWIDTH, new RatioAtLeast(target), "device to pinned memory; memcpy"),
                line("copy-" + size + "-pageable-to-device", BANDWIDTH, new RatioAtLeast(target), "ordinary memory to device; memcpy"),
                line("copy-" + size + "-pageable-to-host", BANDWIDTH, new RatioAtLeast(target), "device to ordinary memory; memcpy"));
    }

    private void links() {
        add(LinkContest::new,
                line("link-read", MICROS, new Reported(), "register read by vfio-user, message and answer; C client and C server"),
                line("link-mapped-read", NANOS, new Reported(), "read of a BAR that is mapped over the link; C: readl, out of line"));
        add(() -> new LinkCopyContest("", 16),
                line("link-copy-1m-to-device", BANDWIDTH, new Reported(),
                        "by the driver over vfio-user, host memory by descriptor; memcpy"),
                line("link-copy-1m-to-host", BANDWIDTH, new Reported(), "the same, the other way; memcpy"));
        add(() -> new LinkCopyContest("?dma=messages", 4),
                line("link-copy-1m-messages-to-device", BANDWIDTH, new Reported(), "the same, host memory by messages; memcpy"),
                line("link-copy-1m-messages-to-host", BANDWIDTH, new Reported(), "the same, the other way; memcpy"));
    }

    private void wakeUps() {
        add(() -> new WakeContest(true),
                line("wake-one-cpu", MICROS, new RatioAtMost(1.1), "one wake-up, both threads on one CPU; eventfd"));
        add(() -> new WakeContest(false), line("wake-two-cpus", MICROS, new RatioAtMost(1.1), "one wake-up, threads on two CPUs; eventfd"));
    }

    private void simulation() {
        add(SimulatedContest::new,
                line("simulated-packets", RATE, new JavaAtLeast(10), "barrier packets through driver and model under the simulated clock"),
                line("simulated-to-plain", RATE, new Reported(), "the same; beside it a plain JAVA ring in the same thread"));
        add(PlainRingContest::new, line("plain-ring", RATE, new Reported(), "a ring in one thread, no driver; C ring"));
    }

    private void recordings() {
        recording("whole");
        recording("hash");
    }

    private void recording(String content) {
        String name = "record-" + content;
        add(() -> new RecordingContest(content),
                line(name + "-read", MICROS, new Reported(), "register read of a model, recorded; beside it JAVA's, not recorded"),
                line(name + "-copy-1m", MICROS, new Reported(), "copy of 1 MiB of pinned memory, waited for; the same"),
                line(name + "-launch", MICROS, new Reported(), "kernel that does nothing, waited for; the same"));
    }

    private void memory() {
        add(PageTableContest::new, line("map-1g", MICROS, new RatioAtMost(1.5), "page tables of 1 GiB in 4 KiB pages; C tables"));
    }

    private void starts(List<String> ppu) {
        add(LifecycleContest::new,
                line("open-boot-close", MILLIS, new RatioAtMost(1), "of a model, warm; beside it a JAVA hello world's start"));
        if (!ppu.isEmpty()) {
            add(() -> new ColdListContest(ppu),
                    line("list-cold", MILLIS, new RatioAtMost(4), "ppu list, cold; beside it a JAVA hello world's start"));
        }
    }

    private void add(Supplier<Contest> contest, Metric... metrics) {
        entries.add(new Entry(List.of(metrics), contest));
    }

    private static Metric line(String name, String unit, Target target, String about) {
        return new Metric(name, unit, target, about);
    }
}
