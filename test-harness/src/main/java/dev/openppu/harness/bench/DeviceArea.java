package dev.openppu.harness.bench;

/** Device memory handed out page by page, from the middle of the memory upwards, and never taken back. For one thread. */
final class DeviceArea {
    private static final long PAGE = 4096;

    private final long begin;
    private long next;

    DeviceArea(long begin) {
        this.begin = begin;
        this.next = begin;
    }

    long take(long bytes) {
        long taken = next;
        next += Math.ceilDiv(bytes, PAGE) * PAGE;
        return taken;
    }

    /** Everything may be used again: after a reset. */
    void clear() {
        next = begin;
    }
}
