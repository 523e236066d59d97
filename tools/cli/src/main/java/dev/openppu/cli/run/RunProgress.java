package dev.openppu.cli.run;

/** Hears how a run goes on. */
public interface RunProgress {
    /** Whether anybody looks: if not, the device is not asked how far it is. */
    boolean wanted();

    /** So many blocks of the grid have finished. */
    void blocks(long finished, long total);
}
