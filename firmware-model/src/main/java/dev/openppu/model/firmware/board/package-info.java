/**
 * The board as firmware sees it: loads and stores, DMA, a timer, interrupt lines, the fault FIFO. Nothing else of the device is reachable from firmware, so
 * that a compiled image on a simulated core can one day take its place.
 */
package dev.openppu.model.firmware.board;
