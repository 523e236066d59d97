package dev.openppu.abi.firmware;

/** Why an image is refused: the names and numbers of {@code boot.status.error} that an image itself can cause. */
public enum ImageDefect {
    TRUNCATED(1),
    BAD_MAGIC(2),
    BAD_HEADER(3),
    BAD_SECTION(4),
    DIGEST_MISMATCH(5),
    BAD_SIGNATURE(6),
    UNKNOWN_KEY(7),
    ROLLED_BACK(8),
    WRONG_TARGET(9),
    TOO_LARGE(10);

    private final int bootError;

    ImageDefect(int bootError) {
        this.bootError = bootError;
    }

    /** The number in {@code boot.status.error}. */
    public int bootError() {
        return bootError;
    }
}
