package dev.openppu.abi.firmware;

import java.util.Optional;

/** Which of the two keys signed an image, as its header says. */
public enum KeyKind {
    /** Its private half is in the repository: anybody can sign, only development devices trust it. */
    DEVELOPMENT(1),
    /** Its private half exists nowhere. */
    PRODUCTION(2);

    private final int code;

    KeyKind(int code) {
        this.code = code;
    }

    /** The number in the header. */
    public int code() {
        return code;
    }

    public static Optional<KeyKind> of(int code) {
        return switch (code) {
            case 1 -> Optional.of(DEVELOPMENT);
            case 2 -> Optional.of(PRODUCTION);
            default -> Optional.empty();
        };
    }
}
