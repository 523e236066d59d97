package dev.openppu.driver.owner.hang;

/**
 * A queue that has work and does not advance.
 *
 * @param queue number of the hardware queue
 * @param holding of which opening of the queue
 * @param taken packets that it had taken
 * @param progress where its progress stands
 * @param stalledNanos how long it was seen to stand still, on the link's clock
 */
public record Hang(int queue, long holding, long taken, long progress, long stalledNanos) {}
