package dev.openppu.hal.posix;

import java.util.Map;

/** Names of the errors that memory calls give, as numbered by Linux on x86-64 and AArch64. */
final class Errno {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EINVAL = 22;

    private static final Map<Integer, String> NAMES = Map.ofEntries(Map.entry(1, "EPERM (operation not permitted)"),
            Map.entry(9, "EBADF (bad file descriptor)"),
            Map.entry(EINTR, "EINTR (a signal came)"),
            Map.entry(EAGAIN, "EAGAIN (locked memory limit or temporarily unavailable)"),
            Map.entry(ENOMEM, "ENOMEM (out of memory or address space)"),
            Map.entry(13, "EACCES (permission denied)"), Map.entry(14, "EFAULT (bad address)"), Map.entry(17, "EEXIST (already mapped)"),
            Map.entry(19, "ENODEV (no such device)"), Map.entry(EINVAL, "EINVAL (invalid argument)"),
            Map.entry(24, "EMFILE (too many open files)"),
            Map.entry(75, "EOVERFLOW (value too large)"));

    private Errno() {}

    static String describe(int errno) {
        return NAMES.getOrDefault(errno, "errno " + errno);
    }
}
