package dev.openppu.model.profile;

/**
 * One kind of PPU.
 *
 * @param name as in the URI, for example {@code zw810e}
 * @param number as in the vendor-specific capability
 * @param product name as in {@code id.product}, at most 32 ASCII characters
 * @param description one line
 * @param deviceId PCI device id
 * @param memoryBytes device memory
 * @param computeEngines engines
 * @param computeUnits units in all; a multiple of {@code computeEngines}
 * @param copyEngines engines
 * @param icnLinks links of the board
 * @param queues hardware queues
 * @param contexts address spaces of the MMU
 * @param vectors MSI-X vectors
 * @param powerWatts cap
 * @param unitMegahertz clock of the compute units
 * @param memoryMegahertz clock of the memory
 * @param equipment what not every PPU has
 */
public record DeviceProfile(String name, int number, String product, String description, int deviceId, long memoryBytes, int computeEngines,
        int computeUnits,
        int copyEngines, int icnLinks, int queues, int contexts, int vectors, int powerWatts, int unitMegahertz, int memoryMegahertz,
        Equipment equipment) {

    /**
     * What not every PPU has.
     *
     * @param reservedBytes at the end of device memory, the firmware's own; 0 is none, else a multiple of 2 MiB
     * @param ecc the memory corrects errors and pages can be retired
     * @param flash firmware slots
     * @param idleWatts draw with nothing to do; 0 where there are no sensors
     */
    public record Equipment(long reservedBytes, boolean ecc, boolean flash, int idleWatts) {
        /** Nothing of it. */
        public static final Equipment NONE = new Equipment(0, false, false, 0);
    }
}
