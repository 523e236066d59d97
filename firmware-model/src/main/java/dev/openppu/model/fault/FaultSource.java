package dev.openppu.model.fault;

/** Decides where and when a device goes wrong by itself. Asked under the lock of the {@link FaultPlan}. */
@FunctionalInterface
public interface FaultSource {
    /** What {@link #dice} returns where nothing goes wrong. */
    long NOTHING = 0;

    /**
     * Asked once for each passage of a point, in the order of passages.
     *
     * @param passage from 1
     * @return {@link #NOTHING}, or what is left to chance in how it goes wrong: how late, which bit
     */
    long dice(FaultPoint point, long passage);
}
