package dev.openppu.cli.run;

import dev.openppu.driver.PpuException;

/** A kernel failed at a line of its source that is known; the driver's error is {@link #error()}. */
public final class KernelFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String source;
    private final PpuException error;

    KernelFault(String file, int line, PpuException error) {
        super(error);
        this.source = file + ":" + line;
        this.error = error;
    }

    /** {@code file:line}. */
    public String source() {
        return source;
    }

    /** What the driver says of it. */
    public PpuException error() {
        return error;
    }
}
