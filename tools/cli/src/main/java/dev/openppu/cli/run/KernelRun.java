package dev.openppu.cli.run;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.cli.BadInputException;
import dev.openppu.cli.file.InputFile;
import dev.openppu.cli.reference.Comparison;
import dev.openppu.cli.reference.Operand;
import dev.openppu.cli.run.KernelJob.Memory;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.tix.LaunchHeader;
import dev.openppu.driver.tix.TixAssembler;
import dev.openppu.driver.tix.TixException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One kernel, from its source to its results in files. */
public final class KernelRun {
    /** The assembler takes no more. */
    private static final long LONGEST_SOURCE = 4L << 20;

    private KernelRun() {}

    /**
     * Does it all. The device is opened last, when everything else is known to be good.
     *
     * @param open     opens the device; closed here
     * @param progress hears how it goes on
     * @throws TixException      if the source is not valid
     * @throws BadInputException if an input or an option cannot be used
     * @throws IOException       if a file cannot be read or written
     */
    public static RunResult run(Request request, Supplier<Ppu> open, RunProgress progress) throws TixException, IOException {
        byte[] source = InputFile.readAtMost(request.tix(), LONGEST_SOURCE);
        String file = request.tix().toString();
        CodeObject code = TixAssembler.assemble(file, source);
        LaunchPlan plan = LaunchPlan.of(code.kernels(), LaunchHeader.parse(file, source), request);
        try (Arena arena = Arena.ofShared()) {
            KernelJob job = new JobBuilder(plan, request, arena).build(code);
            try (Outputs outputs = Outputs.of(job, request)) {
                DeviceRun.Timing timing = onDevice(job, open, progress);
                Optional<Comparison> comparison = job.verification().map(KernelRun::verify);
                outputs.write();
                return new RunResult(request, job, timing, inputs(job), outputs(job, outputs), comparison, plan.header().verification());
            }
        }
    }

    private static DeviceRun.Timing onDevice(KernelJob job, Supplier<Ppu> open, RunProgress progress) {
        try (Ppu ppu = open.get()) {
            return new DeviceRun(ppu, job, progress).run();
        }
    }

    private static Comparison verify(KernelJob.Verification verification) {
        List<Operand> inputs = verification.inputs().stream().map(memory -> memory.array().operand()).toList();
        try {
            return verification.reference().verify(inputs, verification.result().array().operand());
        } catch (IllegalArgumentException e) {
            throw new BadInputException("verify: " + e.getMessage(), e);
        }
    }

    private static List<RunResult.ArrayFile> inputs(KernelJob job) {
        return job.memories().stream().filter(Memory::read)
                .map(memory -> new RunResult.ArrayFile(memory.name(), memory.array().describe(), memory.source())).toList();
    }

    private static List<RunResult.ArrayFile> outputs(KernelJob job, Outputs outputs) {
        return job.memories().stream().filter(Memory::written)
                .map(memory -> new RunResult.ArrayFile(memory.name(), memory.array().describe(), outputs.target(memory)))
                .toList();
    }
}
