package dev.openppu.hal.posix;

import java.util.Map;

/** Names of the errors that calls give, as numbered by Linux on x86-64 and AArch64. */
public final class Errno {
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EINVAL = 22;
    public static final int EPIPE = 32;
    public static final int ENAMETOOLONG = 36;
    public static final int EADDRINUSE = 98;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;

    private static final Map<Integer, String> NAMES = Map.ofEntries(Map.entry(1, "EPERM (operation not permitted)"),
            Map.entry(ENOENT, "ENOENT (no such file)"),
            Map.entry(9, "EBADF (bad file descriptor)"),
            Map.entry(EINTR, "EINTR (a signal came)"),
            Map.entry(EAGAIN, "EAGAIN (locked memory limit or temporarily unavailable)"),
            Map.entry(ENOMEM, "ENOMEM (out of memory or address space)"),
            Map.entry(13, "EACCES (permission denied)"), Map.entry(14, "EFAULT (bad address)"), Map.entry(17, "EEXIST (already mapped)"),
            Map.entry(20, "ENOTDIR (no folder)"), Map.entry(30, "EROFS (read-only file system)"),
            Map.entry(19, "ENODEV (no such device)"), Map.entry(EINVAL, "EINVAL (invalid argument)"),
            Map.entry(24, "EMFILE (too many open files)"),
            Map.entry(EPIPE, "EPIPE (the other side is gone)"),
            Map.entry(ENAMETOOLONG, "ENAMETOOLONG (name too long)"),
            Map.entry(75, "EOVERFLOW (value too large)"),
            Map.entry(EADDRINUSE, "EADDRINUSE (address in use)"),
            Map.entry(ECONNABORTED, "ECONNABORTED (connection given up)"),
            Map.entry(ECONNRESET, "ECONNRESET (the other side is gone)"),
            Map.entry(ETIMEDOUT, "ETIMEDOUT (no progress within the time-out)"),
            Map.entry(ECONNREFUSED, "ECONNREFUSED (nothing listens there)"));

    private Errno() {}

    static String describe(int errno) {
        return NAMES.getOrDefault(errno, "errno " + errno);
    }
}
