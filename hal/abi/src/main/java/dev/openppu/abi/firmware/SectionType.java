package dev.openppu.abi.firmware;

import java.util.Optional;

/** What a section of a firmware image is. */
public enum SectionType {
    /** The program. */
    TEXT(1),
    DATA(2),
    /** Where the image came from, for people. */
    MANIFEST(3);

    private final int code;

    SectionType(int code) {
        this.code = code;
    }

    /** The number in the section table. */
    public int code() {
        return code;
    }

    public static Optional<SectionType> of(int code) {
        return switch (code) {
            case 1 -> Optional.of(TEXT);
            case 2 -> Optional.of(DATA);
            case 3 -> Optional.of(MANIFEST);
            default -> Optional.empty();
        };
    }
}
