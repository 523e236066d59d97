package dev.openppu.rdl.live;

/** An access where there is no register, or one that the register there cannot take. */
public final class UnmappedRegisterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long address;
    private final int bytes;

    UnmappedRegisterException(long address, int bytes, String why) {
        super("an access of " + bytes + " bytes at 0x" + Long.toHexString(address) + ": " + why);
        this.address = address;
        this.bytes = bytes;
    }

    /** The access's address. */
    public long address() {
        return address;
    }

    /** The access's width. */
    public int bytes() {
        return bytes;
    }
}
