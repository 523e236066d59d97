package dev.openppu.rdl.emit.java;

/** When the objects of a block in a block come to be. */
enum Creation {
    /** All of them with the object that they are in. */
    WITH_PARENT(""),
    /** Each when it is asked for first; it is kept. */
    AT_FIRST_USE("Created at its first use, and kept."),
    /** Each time that it is asked for. */
    AT_EACH_USE("Created at each call: keep it.");

    /** The most objects that one member creates with its parent. */
    private static final long MOST_AT_ONCE = 4096;
    /** The most elements that are kept. */
    private static final long MOST_KEPT = 1 << 20;

    private final String remark;

    Creation(String remark) {
        this.remark = remark;
    }

    /** What Javadoc says about it. */
    String remark() {
        return remark;
    }

    /** For {@code count} elements, each of which brings {@code objects} with it. */
    static Creation of(long count, long objects) {
        if (count > MOST_KEPT) {
            return AT_EACH_USE;
        }
        return count * objects <= MOST_AT_ONCE ? WITH_PARENT : AT_FIRST_USE;
    }
}
