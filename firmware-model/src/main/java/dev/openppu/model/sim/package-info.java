/**
 * Time, chance and threads of the model: the only source of all three.
 *
 * <p>Two worlds run the same device code: a simulated one, in which a seed decides everything, and a free-running one, in real time on threads of its own.
 */
package dev.openppu.model.sim;
