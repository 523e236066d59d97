package dev.openppu.driver.tix;

/** Places variables one after the other, each at its alignment. */
final class MemoryLayout {
    private final String what;
    private final int limit;
    private int bytes;

    MemoryLayout(String what, int limit) {
        this(what, limit, 0);
    }

    MemoryLayout(String what, int limit, int bytes) {
        this.what = what;
        this.limit = limit;
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /** Offset of a new variable. */
    int place(Token name, long size, int alignment) throws Mistake {
        long offset = ((long) bytes + alignment - 1) / alignment * alignment;
        if (offset + size > limit) {
            throw new Mistake(name, what + " would take " + (offset + size) + " bytes, there are " + limit);
        }
        bytes = (int) (offset + size);
        return (int) offset;
    }
}
