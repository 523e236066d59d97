package dev.openppu.twin;

/** A client and a server in C that speak as much of vfio-user as a register read takes, each message sent and received by one call. */
public final class LinkTwin {
    private LinkTwin() {}

    /**
     * The calling thread reads a register {@code count} times from a server on {@code serverCpu} (-1 for anywhere). Pin the caller before.
     *
     * @param histogram takes the round trips
     * @return nanoseconds for all of them
     */
    public static long reads(int serverCpu, long count, Histogram histogram) {
        long nanos = TwinCalls.linkReads(serverCpu, count, histogram.counts());
        if (nanos < 0) {
            throw new IllegalStateException("no sockets or no thread to be had");
        }
        return nanos;
    }
}
