package dev.openppu.abi.firmware;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A firmware image whose structure has been checked; {@link #verify} checks the rest. {@link ImageLayout} says where things stand.
 *
 * <p>Immutable: it holds a private copy of the bytes, so nothing changes between check and use.
 */
public final class FirmwareImage {
    /** The PPU001 family, of which Zhenwu 810E is one. */
    public static final int TARGET_PPU001 = 1;
    /** Largest image that the boot ROM's private memory takes. */
    public static final int MAXIMUM_BYTES = 4 << 20;
    /** Smallest image: the header of one empty section and a signature. */
    public static final int MINIMUM_BYTES = ImageLayout.headerBytes(1) + ImageLayout.SIGNATURE_BYTES;

    private final byte[] bytes;
    private final ImageHeader header;
    private final KeyKind keyKind;
    private final List<Section> sections;

    FirmwareImage(byte[] bytes, ImageHeader header, KeyKind keyKind, List<Section> sections) {
        this.bytes = bytes;
        this.header = header;
        this.keyKind = keyKind;
        this.sections = List.copyOf(sections);
    }

    /**
     * A section of an image.
     *
     * @param offset bytes from the image's begin
     * @param size bytes
     */
    public record Section(SectionType type, int offset, int size) {}

    /**
     * Checks the structure: sizes, magic, every header field, the section table. Trusts nothing, never throws anything but what is declared.
     *
     * @param bytes copied
     * @throws FirmwareImageException {@code TOO_LARGE}, {@code TRUNCATED}, {@code BAD_MAGIC}, {@code BAD_HEADER} or {@code BAD_SECTION}
     */
    public static FirmwareImage parse(byte[] bytes) throws FirmwareImageException {
        return new ImageParser(bytes.clone()).parse();
    }

    public ImageHeader header() {
        return header;
    }

    /** Which key the header names; whether it signed is for {@link #verify} to say. */
    public KeyKind keyKind() {
        return keyKind;
    }

    public List<Section> sections() {
        return sections;
    }

    /** The first section of this type. */
    public Optional<Section> section(SectionType type) {
        return sections.stream().filter(s -> s.type() == type).findFirst();
    }

    /** A copy of a section's bytes. */
    public byte[] content(Section section) {
        return Arrays.copyOfRange(bytes, section.offset(), section.offset() + section.size());
    }

    /** A copy of the whole image. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Checks everything that depends on the device, and the cryptography, in this order: key, signature, digests, target, security version.
     *
     * @throws FirmwareImageException {@code UNKNOWN_KEY}, {@code BAD_SIGNATURE}, {@code DIGEST_MISMATCH}, {@code WRONG_TARGET} or {@code ROLLED_BACK}
     */
    public void verify(ImagePolicy policy) throws FirmwareImageException {
        new ImageVerifier(bytes, sections).verify(header, keyKind, policy);
    }
}
