package dev.openppu.driver;

/**
 * What a context holds right now, of its device and of the host. A program that makes and closes the same things again and again, and waits for its work, finds the same numbers each time.
 *
 * @param queues hardware queues
 * @param allocations of device memory, pinned and registered host memory: the application's, and the driver's for rings, staging memory, parameters and signals
 * @param bytes of all these, in whole pages
 * @param signals slots of 64 bytes that events, streams, host functions and packets in flight use
 */
public record ContextInventory(int queues, int allocations, long bytes, int signals) {}
