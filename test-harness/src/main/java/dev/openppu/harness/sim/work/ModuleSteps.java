package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Kernel;
import dev.openppu.driver.Launch;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;

/** Code that is loaded for one launch, and unloaded while that may be under way still. */
final class ModuleSteps {
    private final Workbench bench;

    ModuleSteps(Workbench bench) {
        this.bench = bench;
    }

    void perform(Step step) {
        Claim claim = new Claim(bench, step);
        Stream stream = bench.stream(step);
        PpuModule module = bench.context().loadModule(StepKernel.CODE);
        Kernel kernel = module.kernel(StepKernel.NAME);
        claim.refused(HgResult.NOT_FOUND, "a kernel that %s does not have".formatted(module), () -> module.kernel("nothing"));
        Stream foreign = bench.neighbour(step).stream();
        claim.refused(HgResult.INVALID_HANDLE, "a launch of %s in %s".formatted(kernel, foreign), () -> launch(foreign, kernel));
        bench.kernel(step, stream, module);
        if (step.below(30, 4) == 0) {
            bench.synchronize(stream);
        }
        module.close();
        claim.refused(HgResult.INVALID_HANDLE, "a launch of a kernel of %s, which is closed,".formatted(module),
                () -> launch(stream, kernel));
    }

    private static void launch(Stream stream, Kernel kernel) {
        stream.launch(kernel, Launch.linear(1, 1), 0L, 0, 1);
    }
}
