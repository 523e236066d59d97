package dev.openppu.reference;

/** The reference device in C behind {@code ppu_device.h}, for tests of links to libraries. */
public final class ReferenceDevice {
    private static final CompiledLibrary LIBRARY = new CompiledLibrary(ReferenceDevice.class, "libppu_reference.so");

    private ReferenceDevice() {}

    public static CompiledLibrary library() {
        return LIBRARY;
    }
}
