package dev.openppu.harness.bringup;

import dev.openppu.abi.firmware.FirmwareImage;
import dev.openppu.abi.firmware.FirmwareImageException;
import dev.openppu.abi.firmware.SectionType;
import dev.openppu.abi.reg.BootError;
import dev.openppu.driver.owner.BringUp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Firmware images: the good one, and what can be wrong with one. */
final class Images {
    /** The security version of {@link #silent}. */
    static final int SILENT_VERSION = 9;

    private static final int HEADER_SIZE = 0x008;
    private static final int SIGNATURE_BYTES = 64;

    /**
     * A bad image.
     *
     * @param id lower case with hyphens
     * @param refusal the name that the ROM must give
     */
    record Damaged(String id, String title, byte[] image, BootError refusal) {}

    private Images() {}

    /** The driver's. */
    static byte[] good() {
        return BringUp.shippedFirmware();
    }

    /** Every kind of damage. */
    static List<Damaged> damaged() {
        byte[] good = good();
        List<Damaged> all = new ArrayList<>();
        truncated(all, good);
        flipped(all, good);
        all.add(new Damaged("other-key", "signed by another key", resource("stranger.img"), BootError.UNKNOWN_KEY));
        all.add(new Damaged("forged", "signed by another key in the trusted one's name", resource("forged.img"), BootError.BAD_SIGNATURE));
        all.add(new Damaged("wrong-target", "built for another device", resource("other-target.img"), BootError.WRONG_TARGET));
        all.add(new Damaged("too-large", "larger than the ROM's memory", Arrays.copyOf(good, FirmwareImage.MAXIMUM_BYTES + 1),
                BootError.TOO_LARGE));
        all.add(new Damaged("trailing", "something behind the signature", Arrays.copyOf(good, good.length + 1), BootError.BAD_HEADER));
        return all;
    }

    /** Signed in order, but with a security version below the shipped image's. */
    static byte[] older() {
        return resource("older.img");
    }

    /** Good in every way, with security version {@link #SILENT_VERSION}; its code does nothing, so the firmware never reports itself. */
    static byte[] silent() {
        return resource("silent.img");
    }

    private static void truncated(List<Damaged> all, byte[] good) {
        int header = header(good);
        int text = section(good, SectionType.TEXT).offset();
        int data = section(good, SectionType.DATA).offset();
        int[] lengths = {1, 7, 8, 0x80, 0xff, 0x100, 0x120, header - 1, header, text + 1, data, data + 4097, good.length - SIGNATURE_BYTES,
            good.length - 1};
        for (int length : lengths) {
            all.add(new Damaged(String.format(Locale.ROOT, "truncated-%d", length),
                    String.format(Locale.ROOT, "cut after %d of %d bytes", length, good.length),
                    Arrays.copyOf(good, length),
                    BootError.TRUNCATED));
        }
    }

    private static void flipped(List<Damaged> all, byte[] good) {
        FirmwareImage.Section text = section(good, SectionType.TEXT);
        FirmwareImage.Section data = section(good, SectionType.DATA);
        flip(all, good, "magic", 0x003, BootError.BAD_MAGIC);
        flip(all, good, "header-size", HEADER_SIZE, BootError.BAD_HEADER);
        flip(all, good, "target", 0x010, BootError.BAD_SIGNATURE);
        flip(all, good, "security-version", 0x014, BootError.BAD_SIGNATURE);
        flip(all, good, "version", 0x018, BootError.BAD_SIGNATURE);
        flip(all, good, "key-id", 0x028, BootError.UNKNOWN_KEY);
        flip(all, good, "build-name", 0x030, BootError.BAD_SIGNATURE);
        flip(all, good, "reserved", 0x0ff, BootError.BAD_HEADER);
        flip(all, good, "section-type", 0x102, BootError.BAD_SECTION);
        flip(all, good, "section-offset", 0x108, BootError.BAD_SECTION);
        flip(all, good, "section-digest", 0x118, BootError.BAD_SIGNATURE);
        flip(all, good, "text", text.offset(), BootError.DIGEST_MISMATCH);
        flip(all, good, "data-middle", data.offset() + data.size() / 2, BootError.DIGEST_MISMATCH);
        flip(all, good, "data-end", data.offset() + data.size() - 1, BootError.DIGEST_MISMATCH);
        flip(all, good, "signature-begin", good.length - SIGNATURE_BYTES, BootError.BAD_SIGNATURE);
        flip(all, good, "signature-end", good.length - 1, BootError.BAD_SIGNATURE);
    }

    private static void flip(List<Damaged> all, byte[] good, String what, int offset, BootError refusal) {
        byte[] image = good.clone();
        image[offset] ^= 1;
        all.add(new Damaged("flipped-" + what, "one bit flipped: " + what.replace('-', ' '), image, refusal));
    }

    private static int header(byte[] good) {
        return java.nio.ByteBuffer.wrap(good).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(HEADER_SIZE);
    }

    private static FirmwareImage.Section section(byte[] good, SectionType type) {
        try {
            return FirmwareImage.parse(good).section(type)
                    .orElseThrow(() -> new IllegalStateException("the shipped image has no " + type + " section"));
        } catch (FirmwareImageException e) {
            throw new IllegalStateException("the shipped image is broken: " + e.getMessage(), e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(Images.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
