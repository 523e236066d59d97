package dev.openppu.cli.run;

import dev.openppu.cli.run.KernelJob.Memory;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.XidEvent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Takes a job to a device and its results back. */
final class DeviceRun {
    private static final Duration PROGRESS_PERIOD = Duration.ofMillis(200);

    private final Ppu ppu;
    private final KernelJob job;
    private final RunProgress progress;

    DeviceRun(Ppu ppu, KernelJob job, RunProgress progress) {
        this.ppu = ppu;
        this.job = job;
        this.progress = progress;
    }

    /**
     * How long it took.
     *
     * @param kernelNanos  the kernel, on the device's clock
     * @param uploadNanos  inputs to the device, on the device's clock
     * @param downloadNanos results back, on the host's clock
     * @param hostNanos    everything, on the host's clock
     */
    record Timing(long kernelNanos, long uploadNanos, long downloadNanos, long hostNanos) {}

    /**
     * Runs the kernel; the job's arrays hold the results afterwards.
     *
     * @throws PpuException if the device or the kernel fails; says where in the source if that is known
     */
    Timing run() {
        long begun = System.nanoTime();
        try (Context context = ppu.createContext();
                Stream stream = context.createStream();
                Event before = context.createEvent();
                Event uploaded = context.createEvent();
                Event done = context.createEvent()) {
            PpuModule module = context.loadModule(job.code());
            List<DeviceBuffer> buffers = new ArrayList<>();
            stream.record(before);
            Object[] arguments = arguments(context, stream, buffers);
            stream.record(uploaded);
            stream.launch(module.kernel(job.kernel().name()), job.launch(), arguments);
            stream.record(done);
            await(stream, module);
            long downloading = System.nanoTime();
            download(stream, buffers);
            long end = System.nanoTime();
            return new Timing(done.nanosSince(uploaded), uploaded.nanosSince(before), end - downloading, end - begun);
        }
    }

    private Object[] arguments(Context context, Stream stream, List<DeviceBuffer> buffers) {
        return job.arguments().stream().map(argument -> switch (argument) {
            case KernelJob.Scalar(Object value) -> value;
            case Memory memory -> upload(memory, context, stream, buffers);
        }).toArray();
    }

    private static DeviceBuffer upload(Memory memory, Context context, Stream stream, List<DeviceBuffer> buffers) {
        long bytes = memory.array().data().byteSize();
        DeviceBuffer buffer = context.allocate(bytes);
        buffers.add(buffer);
        if (memory.read()) {
            stream.copyToDevice(buffer, 0, memory.array().data());
        } else {
            // What a kernel leaves out is zero, and the same in every run.
            stream.fill8(buffer, 0, (byte) 0, bytes);
        }
        return buffer;
    }

    private void await(Stream stream, PpuModule module) {
        try {
            if (progress.wanted() && !ppu.link().runtime().simulated()) {
                awaitWatching(stream);
            } else {
                stream.synchronize();
            }
        } catch (PpuTimeoutException e) {
            throw e;
        } catch (PpuException e) {
            OptionalInt line = faultLine(module);
            if (line.isPresent()) {
                throw new KernelFault(module.name(), line.getAsInt(), e);
            }
            throw e;
        }
    }

    private void awaitWatching(Stream stream) {
        long total = (long) job.launch().grid().x() * job.launch().grid().y() * job.launch().grid().z();
        BlockCounter counter = new BlockCounter(ppu);
        while (true) {
            try {
                stream.synchronize(PROGRESS_PERIOD);
                return;
            } catch (PpuTimeoutException e) {
                progress.blocks(counter.finished(), total);
            }
        }
    }

    private OptionalInt faultLine(PpuModule module) {
        List<XidEvent> xids = ppu.xids();
        return xids.isEmpty() ? OptionalInt.empty() : module.lineAt(xids.getLast().pc());
    }

    private void download(Stream stream, List<DeviceBuffer> buffers) {
        List<Memory> memories = job.memories();
        for (int i = 0; i < memories.size(); i++) {
            if (memories.get(i).written()) {
                stream.copyToHost(memories.get(i).array().data(), buffers.get(i), 0);
            }
        }
    }
}
