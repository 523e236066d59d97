package dev.openppu.hal.vfiouser.protocol;

/** A message that is not as the protocol has it, or that cannot be carried out: the reason, and the errno to answer. */
public final class ProtocolException extends RuntimeException {
    /** Errors that the protocol or its implementations answer, as numbered by Linux. */
    public static final int ENOENT = 2;
    public static final int EIO = 5;
    public static final int E2BIG = 7;
    public static final int EBADF = 9;
    public static final int ENOMEM = 12;
    public static final int EEXIST = 17;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int EPROTO = 71;
    public static final int EOPNOTSUPP = 95;

    private static final long serialVersionUID = 1L;

    private final int errno;
    private final boolean malformed;

    private ProtocolException(String reason, int errno, boolean malformed) {
        super(reason);
        this.errno = errno;
        this.malformed = malformed;
    }

    /** The message breaks the protocol's rules: no well-meaning peer sends it, and the connection ends. EINVAL. */
    public static ProtocolException malformed(String reason) {
        return new ProtocolException(reason, EINVAL, true);
    }

    /** The message is well-formed, and is not carried out; the connection goes on. */
    public static ProtocolException refused(String reason, int errno) {
        return new ProtocolException(reason, errno, false);
    }

    /** What to answer, as in {@code errno(3)}. */
    public int errno() {
        return errno;
    }

    /** Whether the peer broke the protocol, so that the connection has to end. */
    public boolean malformed() {
        return malformed;
    }
}
