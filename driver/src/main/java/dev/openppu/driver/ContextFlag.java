package dev.openppu.driver;

/** Published flags of a context beside its {@link SchedulingPolicy}. */
public enum ContextFlag {
    /** Pinned memory is mapped into the context's addresses. It always is; the flag is taken and changes nothing. */
    MAP_HOST(0x08),
    /** A core dump after an exception. Not supported yet: refused with NOT_SUPPORTED. */
    COREDUMP_ENABLE(0x20),
    /** A core dump when the user asks for it. Not supported yet: refused with NOT_SUPPORTED. */
    USER_COREDUMP_ENABLE(0x40),
    /** Copies and fills return when they are done, whatever the memory; those of {@code ...Async} methods do not. */
    SYNC_MEMOPS(0x80);

    private final int number;

    ContextFlag(int number) {
        this.number = number;
    }

    /** The flag's bit. */
    public int number() {
        return number;
    }
}
