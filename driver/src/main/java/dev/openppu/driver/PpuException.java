package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import java.util.Optional;
import java.util.OptionalInt;

/** A call on a device failed. The message names what failed, the object, the codes and what to do; subclasses stand where callers branch. */
public class PpuException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public PpuException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    public PpuException(Failure failure, Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }

    /** The published result code. */
    public HgResult hgresult() {
        return failure.result();
    }

    /** The XID that the device reported, if one is behind the failure. */
    public Optional<Xid> xid() {
        return failure.xid();
    }

    /** {@code PPU_EXCEPTION} number, if a kernel raised one. */
    public OptionalInt deviceException() {
        return failure.exception().map(e -> OptionalInt.of(e.number())).orElseGet(OptionalInt::empty);
    }

    /** Which device. */
    public String device() {
        return failure.device();
    }

    /** Which object of the device. */
    public String object() {
        return failure.object();
    }

    /** What to do next. */
    public String remedy() {
        return failure.remedy();
    }
}
