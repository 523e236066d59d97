package dev.openppu.driver;

/**
 * Device memory.
 *
 * @param free bytes not handed out
 * @param total bytes that can be handed out in all
 */
public record MemoryInfo(long free, long total) {}
