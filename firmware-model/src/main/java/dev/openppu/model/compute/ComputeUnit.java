package dev.openppu.model.compute;

/**
 * The compute unit that a block runs on.
 *
 * @param id %cuid
 * @param idLimit %ncuid, one more than the highest id
 * @param clock its time
 */
public record ComputeUnit(int id, int idLimit, ComputeClock clock) {}
