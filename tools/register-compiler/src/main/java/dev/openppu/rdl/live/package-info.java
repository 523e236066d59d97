/**
 * The behaviour of an elaborated map: give {@link dev.openppu.rdl.live.LiveRegisters} a map, and it answers software's reads and
 * writes as the description says, with hooks for the hardware behind it.
 */
package dev.openppu.rdl.live;
