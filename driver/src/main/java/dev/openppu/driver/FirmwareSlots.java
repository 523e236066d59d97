package dev.openppu.driver;

import java.util.Optional;

/**
 * What the two firmware slots in flash hold.
 *
 * @param active the slot that boots, {@code A} or {@code B}
 * @param versionA the image in A, if it may boot
 * @param versionB the image in B, if it may boot
 * @param trying the other slot is tried once at the next boot from flash
 * @param booted the slot that the running firmware came from, if it came from flash
 * @param fellBack the last try failed, and the device went back to the active slot
 * @param slotBytes bytes that a slot takes
 */
public record FirmwareSlots(char active, Optional<PpuInfo.Version> versionA, Optional<PpuInfo.Version> versionB, boolean trying,
        Optional<Character> booted, boolean fellBack, long slotBytes) {}
