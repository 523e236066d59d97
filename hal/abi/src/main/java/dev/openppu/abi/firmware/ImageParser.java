package dev.openppu.abi.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Checks an untrusted image's structure. Each check names what it found and where. */
final class ImageParser {
    private final byte[] bytes;
    private final ByteBuffer view;

    ImageParser(byte[] bytes) {
        this.bytes = bytes;
        this.view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    FirmwareImage parse() throws FirmwareImageException {
        checkMagic();
        int sectionCount = checkSizes();
        ImageHeader header = header();
        KeyKind keyKind = KeyKind.of(u32(ImageLayout.KEY_KIND))
                .orElseThrow(() -> refused(ImageDefect.BAD_HEADER, "key kind %d is neither development nor production",
                        u32(ImageLayout.KEY_KIND)));
        return new FirmwareImage(bytes, header, keyKind, sections(sectionCount));
    }

    private void checkMagic() throws FirmwareImageException {
        if (bytes.length > FirmwareImage.MAXIMUM_BYTES) {
            throw refused(ImageDefect.TOO_LARGE, "%d bytes do not fit into %d", bytes.length, FirmwareImage.MAXIMUM_BYTES);
        }
        if (bytes.length < Long.BYTES) {
            throw refused(ImageDefect.TRUNCATED, "%d bytes hold no magic", bytes.length);
        }
        if (view.getLong(0) != ImageLayout.MAGIC) {
            throw refused(ImageDefect.BAD_MAGIC, "magic is 0x%016x, not 0x%016x", view.getLong(0), ImageLayout.MAGIC);
        }
        if (bytes.length < ImageLayout.TABLE) {
            throw refused(ImageDefect.TRUNCATED, "%d bytes hold no header", bytes.length);
        }
    }

    private int checkSizes() throws FirmwareImageException {
        int count = u32(ImageLayout.SECTIONS);
        if (count < 1 || count > ImageLayout.MAXIMUM_SECTIONS) {
            throw refused(ImageDefect.BAD_HEADER, "%s sections, not 1 to %d", Integer.toUnsignedString(count),
                    ImageLayout.MAXIMUM_SECTIONS);
        }
        int headerSize = u32(ImageLayout.HEADER_SIZE);
        if (headerSize != ImageLayout.headerBytes(count)) {
            throw refused(ImageDefect.BAD_HEADER, "header size 0x%x does not belong to %d sections", headerSize, count);
        }
        long imageSize = Integer.toUnsignedLong(u32(ImageLayout.IMAGE_SIZE));
        if (imageSize > bytes.length) {
            throw refused(ImageDefect.TRUNCATED, "the header says %d bytes, there are %d", imageSize, bytes.length);
        }
        if (imageSize < bytes.length) {
            throw refused(ImageDefect.BAD_HEADER, "the header says %d bytes, there are %d: something follows the image", imageSize,
                    bytes.length);
        }
        if (imageSize < headerSize + ImageLayout.SIGNATURE_BYTES) {
            throw refused(ImageDefect.TRUNCATED, "%d bytes do not hold the header and a signature", imageSize);
        }
        return count;
    }

    private ImageHeader header() throws FirmwareImageException {
        for (int i = ImageLayout.RESERVED; i < ImageLayout.TABLE; i++) {
            if (bytes[i] != 0) {
                throw refused(ImageDefect.BAD_HEADER, "reserved byte 0x%x is not zero", i);
            }
        }
        int abiWord = u32(ImageLayout.MESSAGE_ABI);
        MessageAbi abi = MessageAbi.unpack(abiWord)
                .orElseThrow(() -> refused(ImageDefect.BAD_HEADER, "message ABI 0x%x is not a range of versions", abiWord));
        return new ImageHeader(u32(ImageLayout.TARGET), u32(ImageLayout.SECURITY_VERSION), FirmwareVersion.unpack(u32(ImageLayout.VERSION)),
                abi, buildName());
    }

    private String buildName() throws FirmwareImageException {
        int length = 0;
        while (length < ImageLayout.BUILD_NAME_BYTES && bytes[ImageLayout.BUILD_NAME + length] != 0) {
            length++;
        }
        for (int i = length; i < ImageLayout.BUILD_NAME_BYTES; i++) {
            if (bytes[ImageLayout.BUILD_NAME + i] != 0) {
                throw refused(ImageDefect.BAD_HEADER, "the build name goes on after its end");
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, ImageLayout.BUILD_NAME, length)).toString();
        } catch (CharacterCodingException e) {
            throw new FirmwareImageException(ImageDefect.BAD_HEADER, "the build name is not UTF-8", e);
        }
    }

    private List<FirmwareImage.Section> sections(int count) throws FirmwareImageException {
        List<FirmwareImage.Section> sections = new ArrayList<>(count);
        int free = ImageLayout.headerBytes(count);
        for (int i = 0; i < count; i++) {
            FirmwareImage.Section section = section(i, free);
            checkPadding(free, section.offset());
            sections.add(section);
            free = section.offset() + section.size();
        }
        checkPadding(free, bytes.length - ImageLayout.SIGNATURE_BYTES);
        return sections;
    }

    /** What neither signature nor digest covers must be zero, so that no bit of an image is free. */
    private void checkPadding(int from, int to) throws FirmwareImageException {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                throw refused(ImageDefect.BAD_SECTION, "byte 0x%x between the sections is not zero", i);
            }
        }
    }

    /** @param free first byte that no earlier section or header uses */
    private FirmwareImage.Section section(int index, int free) throws FirmwareImageException {
        int entry = ImageLayout.headerBytes(index);
        int typeCode = u32(entry + ImageLayout.SECTION_TYPE);
        SectionType type = SectionType.of(typeCode)
                .orElseThrow(() -> refused(ImageDefect.BAD_SECTION, "section %d has the unknown type 0x%x", index, typeCode));
        if (u32(entry + ImageLayout.SECTION_FLAGS) != 0 || view.getLong(entry + ImageLayout.SECTION_RESERVED) != 0) {
            throw refused(ImageDefect.BAD_SECTION, "section %d has reserved bits set", index);
        }
        long offset = view.getLong(entry + ImageLayout.SECTION_OFFSET);
        long size = view.getLong(entry + ImageLayout.SECTION_SIZE);
        long end = (long) bytes.length - ImageLayout.SIGNATURE_BYTES;
        if (offset < free || offset > end || size < 0 || size > end - offset) {
            throw refused(ImageDefect.BAD_SECTION, "section %d at 0x%x with 0x%x bytes overlaps or leaves the image", index, offset, size);
        }
        if (offset % ImageLayout.SECTION_ALIGNMENT != 0) {
            throw refused(ImageDefect.BAD_SECTION, "section %d at 0x%x is not aligned to %d bytes", index, offset,
                    ImageLayout.SECTION_ALIGNMENT);
        }
        return new FirmwareImage.Section(type, (int) offset, (int) size);
    }

    private int u32(int offset) {
        return view.getInt(offset);
    }

    private static FirmwareImageException refused(ImageDefect defect, String format, Object... arguments) {
        return new FirmwareImageException(defect, String.format(java.util.Locale.ROOT, format, arguments));
    }
}
