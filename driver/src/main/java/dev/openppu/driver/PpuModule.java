package dev.openppu.driver;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.client.CodeImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/** Code in device memory: kernels that can be launched in its context. Thread-safe. */
public final class PpuModule implements AutoCloseable {
    private final Context context;
    private final String name;
    private final CodeObject code;
    private final CodeImage image;
    private final Map<String, Kernel> kernels = new LinkedHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    PpuModule(Context context, String name, CodeObject code, CodeImage image) {
        this.context = context;
        this.name = name;
        this.code = code;
        this.image = image;
        for (int i = 0; i < code.kernels().size(); i++) {
            KernelInfo info = code.kernels().get(i);
            kernels.put(info.name(), new Kernel(this, info, image.descriptorAddress(i)));
        }
    }

    public Context context() {
        return context;
    }

    public String name() {
        return name;
    }

    public CodeObject code() {
        return code;
    }

    /** In order of declaration. */
    public List<Kernel> kernels() {
        return List.copyOf(kernels.values());
    }

    /** @throws PpuException NOT_FOUND, naming the kernels that there are */
    public Kernel kernel(String kernelName) {
        requireOpen();
        Kernel kernel = kernels.get(kernelName);
        if (kernel == null) {
            throw new PpuException(Failure.of(HgResult.NOT_FOUND, context.link().device(), toString(), "it has no kernel " + kernelName,
                    "it has: " + String.join(", ", kernels.keySet())));
        }
        return kernel;
    }

    /** Source line of the instruction at this virtual address (a fault's {@code pc}), if it is this module's and the line is known. */
    public OptionalInt lineAt(long pc) {
        int line = image.contains(pc) ? code.lineAt(pc - image.textAddress()) : 0;
        return line == 0 ? OptionalInt.empty() : OptionalInt.of(line);
    }

    void requireOpen() {
        if (closed.get()) {
            throw context.link().closed(toString());
        }
    }

    /** Unloads the code after the work submitted to the context so far has ended. Idempotent. */
    @Override
    public void close() {
        HostFunctionScope.refuseCalls();
        if (!closed.get()) {
            context.requireNoWait(this);
        }
        if (closed.compareAndSet(false, true)) {
            context.free(image.address());
        }
    }

    @Override
    public String toString() {
        return "module " + name + " of context " + context.id();
    }
}
