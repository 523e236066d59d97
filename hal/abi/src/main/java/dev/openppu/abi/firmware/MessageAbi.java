package dev.openppu.abi.firmware;

import java.util.Objects;
import java.util.Optional;

/**
 * Versions of the message interface that one side speaks. Every major version from the lowest to the highest; the minor version is that of the highest.
 *
 * @param lowestMajor 1 to 255
 * @param highestMajor {@code lowestMajor} to 255
 * @param highestMinor 0 to 255
 */
public record MessageAbi(int lowestMajor, int highestMajor, int highestMinor) {
    /** What this version of OpenPPU speaks. */
    public static final MessageAbi CURRENT = new MessageAbi(1, 1, 1);

    public MessageAbi {
        Objects.checkIndex(highestMajor, 0x100);
        Objects.checkIndex(highestMinor, 0x100);
        if (lowestMajor < 1 || lowestMajor > highestMajor) {
            throw new IllegalArgumentException("lowest major version %d is not within 1 to %d".formatted(lowestMajor, highestMajor));
        }
    }

    /** From an image's header; empty if a field is out of range. */
    public static Optional<MessageAbi> unpack(int word) {
        int lowest = word & 0xff;
        int highest = word >>> 8 & 0xff;
        boolean valid = word >>> 24 == 0 && lowest >= 1 && lowest <= highest;
        return valid ? Optional.of(new MessageAbi(lowest, highest, word >>> 16 & 0xff)) : Optional.empty();
    }

    /** {@code lowest major | highest major << 8 | highest minor << 16}. */
    public int pack() {
        return lowestMajor | highestMajor << 8 | highestMinor << 16;
    }

    /** The version to talk in: the highest major that both speak, and the lower of the two minors that are known for it; empty if there is no common major. */
    public Optional<Agreed> agree(MessageAbi other) {
        int major = Math.min(highestMajor, other.highestMajor);
        if (major < Math.max(lowestMajor, other.lowestMajor)) {
            return Optional.empty();
        }
        return Optional.of(new Agreed(major, Math.min(minorOf(major), other.minorOf(major))));
    }

    /** A side that has gone on to a higher major speaks the older one completely. */
    private int minorOf(int major) {
        return major == highestMajor ? highestMinor : 0xff;
    }

    /** One version, as a message's {@code abi} field holds it. */
    public record Agreed(int major, int minor) {
        /** {@code major << 8 | minor}. */
        public int pack() {
            return major << 8 | minor;
        }
    }
}
