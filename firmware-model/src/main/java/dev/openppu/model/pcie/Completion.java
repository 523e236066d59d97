package dev.openppu.model.pcie;

/** The completion of a small DMA read, kept and reused by the reader so that reading allocates nothing. */
public final class Completion {
    /** Zero-extended; all ones if the read was refused. */
    public long value;
    public DmaResult result = DmaResult.OK;
}
