package dev.openppu.abi.firmware;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-384 (FIPS 180-4). */
final class Digests {
    static final int SHA384_BYTES = 48;

    private Digests() {}

    static byte[] sha384(byte[] bytes) {
        return sha384(bytes, 0, bytes.length);
    }

    static byte[] sha384(byte[] bytes, int from, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-384");
            digest.update(bytes, from, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-384 in its java.base or is broken", e);
        }
    }
}
