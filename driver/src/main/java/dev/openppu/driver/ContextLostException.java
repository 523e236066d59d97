package dev.openppu.driver;

import java.util.Optional;

/**
 * A context is lost: work of it failed, or its firmware stopped it. Every later call on the context and its objects fails with this exception; only closing
 * them is left. Other contexts go on.
 */
public final class ContextLostException extends PpuException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<ContextFault> fault;
    private final LossRole role;

    public ContextLostException(Failure failure, LossRole role, Optional<ContextFault> fault) {
        super(failure);
        this.role = role;
        this.fault = fault;
    }

    /** Whether work of this context was the cause. */
    public LossRole role() {
        return role;
    }

    /** What the device reported, empty if it only stopped. */
    public Optional<ContextFault> fault() {
        return fault;
    }
}
