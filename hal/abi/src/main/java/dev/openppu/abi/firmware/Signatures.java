package dev.openppu.abi.firmware;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Checks Ed25519 signatures and remembers good ones: a check takes a millisecond, and simulated devices by the thousand boot the same image. What is remembered is
 * the key, the message and the signature, byte for byte. Thread-safe.
 */
final class Signatures {
    private static final int MOST = 64;
    private static final Map<ByteBuffer, Boolean> GOOD = new LinkedHashMap<>(MOST, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
            return size() > MOST;
        }
    };

    private Signatures() {}

    /**
     * Whether {@code signature} is the key's for {@code message}.
     *
     * @throws SignatureException if the signature is malformed
     */
    static boolean good(FirmwareKey key, byte[] message, byte[] signature) throws SignatureException {
        byte[] encoded = key.key().getEncoded();
        ByteBuffer all = ByteBuffer.allocate(encoded.length + message.length + signature.length).put(encoded).put(message).put(signature)
                .flip();
        synchronized (GOOD) {
            if (GOOD.containsKey(all)) {
                return true;
            }
        }
        boolean good = verified(key, message, signature);
        if (good) {
            synchronized (GOOD) {
                GOOD.put(all, true);
            }
        }
        return good;
    }

    private static boolean verified(FirmwareKey key, byte[] message, byte[] signature) throws SignatureException {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key.key());
            check.update(message);
            return check.verify(signature);
        } catch (SignatureException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform cannot verify Ed25519", e);
        }
    }
}
