package dev.openppu.abi.firmware;

import java.security.MessageDigest;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Checks an image whose structure is sound against what a device accepts. */
final class ImageVerifier {
    private final byte[] bytes;
    private final List<FirmwareImage.Section> sections;

    ImageVerifier(byte[] bytes, List<FirmwareImage.Section> sections) {
        this.bytes = bytes;
        this.sections = sections;
    }

    void verify(ImageHeader header, KeyKind kind, ImagePolicy policy) throws FirmwareImageException {
        checkSignature(trustedKey(kind, policy));
        for (int i = 0; i < sections.size(); i++) {
            checkDigest(i);
        }
        if (header.target() != policy.target()) {
            throw new FirmwareImageException(ImageDefect.WRONG_TARGET,
                    "built for target " + Integer.toUnsignedString(header.target()) + ", this device is " + policy.target());
        }
        if (Integer.compareUnsigned(header.securityVersion(), policy.lowestSecurityVersion()) < 0) {
            throw new FirmwareImageException(ImageDefect.ROLLED_BACK, "security version %s is below the anti-rollback counter %s"
                    .formatted(Integer.toUnsignedString(header.securityVersion()),
                            Integer.toUnsignedString(policy.lowestSecurityVersion())));
        }
    }

    private FirmwareKey trustedKey(KeyKind kind, ImagePolicy policy) throws FirmwareImageException {
        byte[] id = Arrays.copyOfRange(bytes, ImageLayout.KEY_ID, ImageLayout.KEY_ID + FirmwareKey.ID_BYTES);
        for (FirmwareKey key : policy.trusted()) {
            if (key.kind() == kind && Arrays.equals(key.id(), id)) {
                return key;
            }
        }
        throw new FirmwareImageException(ImageDefect.UNKNOWN_KEY,
                "signed by the %s key %s, trusted are %s".formatted(kind, HexFormat.of().formatHex(id), policy.trusted()));
    }

    private void checkSignature(FirmwareKey key) throws FirmwareImageException {
        byte[] digest = Digests.sha384(bytes, 0, ImageLayout.headerBytes(sections.size()));
        byte[] signature = Arrays.copyOfRange(bytes, bytes.length - ImageLayout.SIGNATURE_BYTES, bytes.length);
        try {
            if (!Signatures.good(key, digest, signature)) {
                throw new FirmwareImageException(ImageDefect.BAD_SIGNATURE, "the signature does not match the header");
            }
        } catch (SignatureException e) {
            throw new FirmwareImageException(ImageDefect.BAD_SIGNATURE, "the signature is malformed", e);
        }
    }

    private void checkDigest(int index) throws FirmwareImageException {
        FirmwareImage.Section section = sections.get(index);
        int expected = ImageLayout.headerBytes(index) + ImageLayout.SECTION_DIGEST;
        byte[] digest = Digests.sha384(bytes, section.offset(), section.size());
        if (!MessageDigest.isEqual(digest, Arrays.copyOfRange(bytes, expected, expected + Digests.SHA384_BYTES))) {
            throw new FirmwareImageException(ImageDefect.DIGEST_MISMATCH,
                    "section " + index + " (" + section.type() + ") does not match its digest");
        }
    }
}
