package dev.openppu.cli;

/** Exit statuses of {@code ppu}. */
public final class ExitStatus {
    public static final int OK = 0;
    /** The device, a test or a verification failed. */
    public static final int FAILED = 1;
    /** The command line or an input cannot be used. */
    public static final int BAD_INPUT = 2;
    /** Ended by Ctrl-C, as shells count it: 128 + SIGINT. */
    public static final int INTERRUPTED = 130;

    private ExitStatus() {}
}
