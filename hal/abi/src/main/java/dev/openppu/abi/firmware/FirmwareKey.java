package dev.openppu.abi.firmware;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A public key that firmware images are verified with (Ed25519, RFC 8032).
 *
 * <p>Immutable.
 */
public final class FirmwareKey {
    /** Bytes of a key's id: the first of SHA-384 of the 32 raw public bytes. */
    public static final int ID_BYTES = 8;

    private static final String ALGORITHM = "Ed25519";
    private static final int RAW_BYTES = 32;

    private final KeyKind kind;
    private final PublicKey key;
    private final byte[] id;

    private FirmwareKey(KeyKind kind, PublicKey key) {
        this.kind = kind;
        this.key = key;
        byte[] encoded = key.getEncoded();
        // An Ed25519 SubjectPublicKeyInfo ends with the 32 raw bytes (RFC 8410, section 4).
        byte[] raw = Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length);
        this.id = Arrays.copyOf(Digests.sha384(raw), ID_BYTES);
    }

    /** The key of this kind that OpenPPU ships. */
    public static FirmwareKey shipped(KeyKind kind) {
        String resource = switch (kind) {
            case DEVELOPMENT -> "development.pub.pem";
            case PRODUCTION -> "production.pub.pem";
        };
        try (InputStream in = Objects.requireNonNull(FirmwareKey.class.getResourceAsStream(resource), resource)) {
            return parse(kind, new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the shipped key " + resource, e);
        }
    }

    /**
     * A public key in PEM ("PUBLIC KEY").
     *
     * @throws IllegalArgumentException if it is no Ed25519 key
     */
    public static FirmwareKey parse(KeyKind kind, String pem) {
        try {
            return new FirmwareKey(kind,
                    KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(decode(pem, "PUBLIC KEY"))));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a public Ed25519 key: " + e.getMessage(), e);
        }
    }

    /**
     * A private key in PEM ("PRIVATE KEY").
     *
     * @throws IllegalArgumentException if it is no Ed25519 key
     */
    public static PrivateKey parsePrivate(String pem) {
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(decode(pem, "PRIVATE KEY")));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a private Ed25519 key: " + e.getMessage(), e);
        }
    }

    public KeyKind kind() {
        return kind;
    }

    public PublicKey key() {
        return key;
    }

    /** {@value #ID_BYTES} bytes, a copy. */
    public byte[] id() {
        return id.clone();
    }

    @Override
    public String toString() {
        return kind + " key " + HexFormat.of().formatHex(id);
    }

    private static byte[] decode(String pem, String label) {
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no PEM block \"" + label + "\"");
        }
        return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
    }
}
