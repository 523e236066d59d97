package dev.openppu.hal.library;

import java.util.Arrays;

/** What a function of a library returns ({@code ppu_device.h}, {@code PPU_OK} and {@code PPU_E_*}). */
public enum LibraryResult {
    OK(0, "ok"),
    INVALID(-1, "an argument that makes no sense on any bus"),
    NO_MEMORY(-2, "memory, descriptors or address space are exhausted"),
    UNSUPPORTED(-3, "this device cannot do that"),
    LOST(-4, "the device is gone; close it"),
    OPTION(-5, "an option that the library does not take"),
    OVERLAP(-6, "part of the range is mapped already"),
    FAILED(-7, "it failed");

    private final int code;
    private final String text;

    LibraryResult(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** As in C. */
    public int code() {
        return code;
    }

    /** The result that a code stands for; codes of later versions are {@link #FAILED}. */
    public static LibraryResult of(int code) {
        return Arrays.stream(values()).filter(result -> result.code == code).findFirst().orElse(code > 0 ? OK : FAILED);
    }

    @Override
    public String toString() {
        return text;
    }
}
