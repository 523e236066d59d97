package dev.openppu.rdl.live;

/** Hardware behind a register's interrupt or halt output. */
@FunctionalInterface
public interface LevelHook {

    /**
     * @param address the register's address
     * @param level   whether the output is active now; it was not before, or the other way round
     */
    void levelChanged(long address, boolean level);
}
