package dev.openppu.driver;

/**
 * Hears how a bring-up goes on. Called on the thread that opens the device, in order: {@code began}, any number of {@code detail}, then {@code ended} or
 * {@code failed}; after {@code failed} nothing more comes. Times are the link's ({@link dev.openppu.hal.LinkRuntime#nanos()}).
 */
public interface BringUpListener {
    /** Hears nothing. */
    BringUpListener SILENT = new BringUpListener() {};

    default void began(BringUpStage stage, long nanos) {}

    /** A fact found in this stage, one line. */
    default void detail(BringUpStage stage, String detail) {}

    default void ended(BringUpStage stage, long nanos) {}

    default void failed(BringUpStage stage, long nanos, PpuException failure) {}
}
