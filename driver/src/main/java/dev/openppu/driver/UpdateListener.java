package dev.openppu.driver;

/** Hears how a firmware update goes on; called on the thread that updates. */
@FunctionalInterface
public interface UpdateListener {
    /** Hears nothing. */
    UpdateListener SILENT = (bytes, total) -> {};

    /** So many bytes of the image are in flash. */
    void written(long bytes, long total);
}
