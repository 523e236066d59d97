package dev.openppu.driver;

import dev.openppu.hal.LinkIdentity;

/**
 * What a device is, read once at bring-up.
 *
 * @param link the link it was opened through
 * @param product product name, for example {@code PPU-ZW810E}
 * @param serial serial number
 * @param abi host interface version of the registers
 * @param romVersion boot ROM
 * @param firmwareVersion firmware that runs
 * @param messageAbi message interface agreed on with it
 * @param memoryBytes device memory
 * @param queues hardware queues
 * @param copyEngines copy engines
 * @param computeUnits compute units
 * @param computeEngines compute engines that group them
 * @param icnLinks ICN links on the board
 * @param contexts address spaces that the MMU can hold
 * @param virtualAddressBits bits of a virtual address
 * @param vectors MSI-X vectors
 * @param capabilities which blocks are present
 */
public record PpuInfo(LinkIdentity link, String product, long serial, Version abi, Version romVersion, Version firmwareVersion,
        Version messageAbi,
        long memoryBytes, int queues, int copyEngines, int computeUnits, int computeEngines, int icnLinks, int contexts,
        int virtualAddressBits,
        int vectors, Capabilities capabilities) {

    /** {@code major.minor.patch}; {@code patch} is 0 where there is none. */
    public record Version(int major, int minor, int patch) {
        @Override
        public String toString() {
            return major + "." + minor + "." + patch;
        }
    }

    /** Blocks that are present; an absent one reads as zero. */
    public record Capabilities(boolean queues, boolean copy, boolean compute, boolean mmu, boolean scrub, boolean ecc, boolean icn,
            boolean power, boolean perf, boolean errorLog, boolean flash) {}
}
