package dev.openppu.model.firmware.board;

/** A program in the firmware processor's memory. */
public interface Program {

    /** The reset vector: runs once, first. */
    void start();

    /** The interrupt vector. Returns when there is nothing left to do; the processor then sleeps. */
    void interrupt(InterruptLine line);
}
