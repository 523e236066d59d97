package dev.openppu.model.firmware.flash;

/** The flash as ROM and firmware reach it: reads at once, erases and programs one after another in their own time. */
public interface FlashPort {
    /** Fills {@code into} with what is there now, operations that still wait not included. */
    void read(long offset, byte[] into);

    /** Has a sector made all ones. */
    void erase(int sector);

    /** Has bytes of one page programmed: ones become zeros where {@code content} has zeros. The content is taken now. */
    void program(long offset, byte[] content);

    /** Operations wait or are under way. */
    boolean busy();
}
