/**
 * What the driver does, as Java Flight Recorder events: submissions, completions, faults, resets, copies. While no recording runs, asking whether an event is
 * wanted is one branch that the JIT compiler removes, and nothing is allocated.
 *
 * <p>Every event names the device by its URI and the object in it, in the words of the error messages.
 */
package dev.openppu.driver.event;
