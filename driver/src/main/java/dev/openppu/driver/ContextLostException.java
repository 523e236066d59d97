package dev.openppu.driver;

import java.util.Optional;

/**
 * A context is lost: work of it failed, or its firmware stopped it. Every later call on the context and its objects fails with this exception; only closing
 * them is left. Other contexts go on.
 */
public final class ContextLostException extends PpuException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<ContextFault> fault;

    public ContextLostException(Failure failure, Optional<ContextFault> fault) {
        super(failure);
        this.fault = fault;
    }

    /** What the device reported, empty if it only stopped. */
    public Optional<ContextFault> fault() {
        return fault;
    }
}
