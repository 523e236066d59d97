package dev.openppu.harness.cover;

/** Is told of a host's single accesses to one BAR, by the threads that make them: must be quick and must not call the link. */
interface AccessWatch {
    /**
     * What an access has read.
     *
     * @param bytes 1, 2, 4 or 8
     * @param value zero-extended; all ones may mean that nobody has answered
     */
    void read(long offset, int bytes, long value);

    /**
     * What an access will write next: the device does not know of it yet.
     *
     * @param bytes 1, 2, 4 or 8
     */
    void written(long offset, int bytes, long value);

    /** Whether a value that was read may be no answer at all. */
    static boolean allOnes(int bytes, long value) {
        return value == -1L >>> 64 - 8 * bytes;
    }

    /** Tells both. */
    default AccessWatch and(AccessWatch other) {
        AccessWatch first = this;
        return new AccessWatch() {
            @Override
            public void read(long offset, int bytes, long value) {
                first.read(offset, bytes, value);
                other.read(offset, bytes, value);
            }

            @Override
            public void written(long offset, int bytes, long value) {
                first.written(offset, bytes, value);
                other.written(offset, bytes, value);
            }
        };
    }
}
