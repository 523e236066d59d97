package dev.openppu.driver;

import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.code.KernelParameter;
import java.util.List;

/** A kernel of a loaded module. Thread-safe. */
public final class Kernel {
    private final PpuModule module;
    private final KernelInfo info;
    private final long descriptor;

    Kernel(PpuModule module, KernelInfo info, long descriptor) {
        this.module = module;
        this.info = info;
        this.descriptor = descriptor;
    }

    public PpuModule module() {
        return module;
    }

    public String name() {
        return info.name();
    }

    /** Registers, shared memory, limits. */
    public KernelInfo info() {
        return info;
    }

    /** What a launch must give, in this order. */
    public List<KernelParameter> parameters() {
        return info.parameters();
    }

    /** Virtual address of the kernel descriptor. */
    public long descriptorAddress() {
        return descriptor;
    }

    @Override
    public String toString() {
        return "kernel " + info.name() + " of " + module;
    }
}
