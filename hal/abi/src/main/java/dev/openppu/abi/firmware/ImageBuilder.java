package dev.openppu.abi.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes images: the same input gives the same bytes (Ed25519 signatures are deterministic).
 *
 * <p>Not thread-safe.
 */
public final class ImageBuilder {
    private final ImageHeader header;
    private final List<Content> sections = new ArrayList<>();

    public ImageBuilder(ImageHeader header) {
        if (header.buildName().getBytes(StandardCharsets.UTF_8).length > ImageLayout.BUILD_NAME_BYTES) {
            throw new IllegalArgumentException("the build name is longer than 64 bytes: " + header.buildName());
        }
        this.header = header;
    }

    /** Adds a section after those before; {@code content} is copied. */
    public ImageBuilder section(SectionType type, byte[] content) {
        if (sections.size() == ImageLayout.MAXIMUM_SECTIONS) {
            throw new IllegalStateException("an image has at most %d sections".formatted(ImageLayout.MAXIMUM_SECTIONS));
        }
        sections.add(new Content(type, content.clone()));
        return this;
    }

    /**
     * Builds and signs.
     *
     * @param named the key that the header names
     * @param signer signs; its public half is {@code named}, or the image will be refused
     */
    public byte[] sign(FirmwareKey named, PrivateKey signer) {
        if (sections.isEmpty()) {
            throw new IllegalStateException("an image has at least one section");
        }
        int headerBytes = ImageLayout.headerBytes(sections.size());
        List<Integer> offsets = new ArrayList<>();
        int end = headerBytes;
        for (Content section : sections) {
            int offset = Math.ceilDiv(end, ImageLayout.SECTION_ALIGNMENT) * ImageLayout.SECTION_ALIGNMENT;
            offsets.add(offset);
            end = offset + section.bytes.length;
        }
        ByteBuffer image = ByteBuffer.allocate(end + ImageLayout.SIGNATURE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        putHeader(image, headerBytes, named);
        for (int i = 0; i < sections.size(); i++) {
            putSection(image, i, offsets.get(i));
        }
        image.put(end, signature(signer, Digests.sha384(image.array(), 0, headerBytes)));
        return image.array();
    }

    private void putHeader(ByteBuffer image, int headerBytes, FirmwareKey named) {
        image.putLong(0, ImageLayout.MAGIC);
        image.putInt(ImageLayout.HEADER_SIZE, headerBytes);
        image.putInt(ImageLayout.IMAGE_SIZE, image.capacity());
        image.putInt(ImageLayout.TARGET, header.target());
        image.putInt(ImageLayout.SECURITY_VERSION, header.securityVersion());
        image.putInt(ImageLayout.VERSION, header.version().pack());
        image.putInt(ImageLayout.SECTIONS, sections.size());
        image.putInt(ImageLayout.MESSAGE_ABI, header.messageAbi().pack());
        image.putInt(ImageLayout.KEY_KIND, named.kind().code());
        image.put(ImageLayout.KEY_ID, named.id());
        image.put(ImageLayout.BUILD_NAME, header.buildName().getBytes(StandardCharsets.UTF_8));
    }

    private void putSection(ByteBuffer image, int index, int offset) {
        Content section = sections.get(index);
        int entry = ImageLayout.headerBytes(index);
        image.putInt(entry + ImageLayout.SECTION_TYPE, section.type.code());
        image.putLong(entry + ImageLayout.SECTION_OFFSET, offset);
        image.putLong(entry + ImageLayout.SECTION_SIZE, section.bytes.length);
        image.put(entry + ImageLayout.SECTION_DIGEST, Digests.sha384(section.bytes));
        image.put(offset, section.bytes);
    }

    private static byte[] signature(PrivateKey key, byte[] digest) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(digest);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot sign with this key: " + e.getMessage(), e);
        }
    }

    private record Content(SectionType type, byte[] bytes) {}
}
