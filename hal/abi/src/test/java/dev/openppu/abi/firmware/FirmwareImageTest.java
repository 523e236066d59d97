package dev.openppu.abi.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FirmwareImageTest {
    private static final byte[] TEXT = new FirmwareProgram(FirmwareProgram.OPENPPU, Map.of("b", "2", "a", "1")).encode();
    private static final byte[] DATA = new byte[100];
    private static final ImageHeader HEADER = new ImageHeader(1, 5, new FirmwareVersion(1, 2, 3), new MessageAbi(1, 2, 3), "build");

    private final KeyPair pair;
    private final FirmwareKey key;
    private final byte[] good;
    private final ImagePolicy policy;

    FirmwareImageTest() throws Exception {
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        key = publicKey(KeyKind.DEVELOPMENT, pair);
        good = image(HEADER, key, pair.getPrivate());
        policy = new ImagePolicy(List.of(key), 1, 5);
    }

    @Test
    void anImageIsTheseBytes() throws Exception {
        int textAt = 0x1c0; // behind 0x100 + 2 * 0x50 = 0x1a0, aligned to 64
        int dataAt = 0x200;
        HexFormat hex = HexFormat.of();
        assertThat(hex.formatHex(good, 0, 8)).isEqualTo("4f50505546570001");
        assertThat(hex.formatHex(good, 8, 0x28))
                .isEqualTo("a0010000" + "a4020000" + "01000000" + "05000000" + "03020100" + "02000000" + "01020300" + "01000000");
        byte[] raw = Arrays.copyOfRange(pair.getPublic().getEncoded(), 12, 44);
        assertThat(Arrays.copyOfRange(good, 0x28, 0x30)).isEqualTo(Arrays.copyOf(MessageDigest.getInstance("SHA-384").digest(raw), 8));
        assertThat(hex.formatHex(good, 0x30, 0x38)).isEqualTo("6275696c64000000");
        assertThat(hex.formatHex(good, 0x100, 0x118)).isEqualTo("01000000" + "00000000" + "c001000000000000" + "1300000000000000");
        assertThat(Arrays.copyOfRange(good, 0x118, 0x148)).isEqualTo(MessageDigest.getInstance("SHA-384").digest(TEXT));
        assertThat(hex.formatHex(good, 0x150, 0x168)).isEqualTo("02000000" + "00000000" + "0002000000000000" + "6400000000000000");
        assertThat(Arrays.copyOfRange(good, textAt, textAt + TEXT.length))
                .isEqualTo("openppu-fw\na=1\nb=2\n".getBytes(StandardCharsets.UTF_8));
        assertThat(good).hasSize(dataAt + DATA.length + 64);
        java.security.Signature signature = java.security.Signature.getInstance("Ed25519");
        signature.initVerify(pair.getPublic());
        signature.update(MessageDigest.getInstance("SHA-384").digest(Arrays.copyOf(good, 0x1a0)));
        assertThat(signature.verify(good, good.length - 64, 64)).isTrue();
    }

    @Test
    void aGoodImageTellsWhatItHolds() throws FirmwareImageException {
        FirmwareImage image = FirmwareImage.parse(good);
        image.verify(policy);
        assertThat(image.header()).isEqualTo(HEADER);
        assertThat(image.keyKind()).isEqualTo(KeyKind.DEVELOPMENT);
        assertThat(image.content(image.section(SectionType.TEXT).orElseThrow())).isEqualTo(TEXT);
        assertThat(image.section(SectionType.MANIFEST)).isEmpty();
        assertThat(FirmwareProgram.decode(TEXT).orElseThrow().parameters()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
    }

    @Test
    void buildingTwiceGivesTheSameBytes() {
        assertThat(image(HEADER, key, pair.getPrivate())).isEqualTo(good);
    }

    @Test
    void cutShortAnywhereItIsRefused() {
        for (int length = 0; length < good.length; length++) {
            assertThat(defect(Arrays.copyOf(good, length))).as("%d bytes", length).isEqualTo(ImageDefect.TRUNCATED);
        }
    }

    @Test
    void everyBitOfHeaderSectionsAndSignatureIsGuarded() {
        for (int offset = 0; offset < good.length; offset++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = good.clone();
                flipped[offset] ^= (byte) (1 << bit);
                ImageDefect defect = defect(flipped);
                assertThat(defect).as("bit %d of byte 0x%x", bit, offset).isNotNull();
                if (isPadding(offset)) {
                    assertThat(defect).isEqualTo(ImageDefect.BAD_SECTION);
                } else if (offset >= 0x1c0 && offset < good.length - 64) {
                    assertThat(defect).isEqualTo(ImageDefect.DIGEST_MISMATCH);
                } else if (offset >= good.length - 64) {
                    assertThat(defect).isEqualTo(ImageDefect.BAD_SIGNATURE);
                } else if (offset < 8) {
                    assertThat(defect).isEqualTo(ImageDefect.BAD_MAGIC);
                }
            }
        }
    }

    @Test
    void theNameOfEachDefect() throws Exception {
        KeyPair stranger = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        assertThat(defect(image(HEADER, publicKey(KeyKind.DEVELOPMENT, stranger), stranger.getPrivate())))
                .isEqualTo(ImageDefect.UNKNOWN_KEY);
        assertThat(defect(image(HEADER, key, stranger.getPrivate()))).isEqualTo(ImageDefect.BAD_SIGNATURE);
        assertThat(defect(image(HEADER, publicKey(KeyKind.PRODUCTION, pair), pair.getPrivate()))).as("right key, wrong kind")
                .isEqualTo(ImageDefect.UNKNOWN_KEY);
        ImageHeader old = new ImageHeader(1, 4, HEADER.version(), HEADER.messageAbi(), "old");
        assertThat(defect(image(old, key, pair.getPrivate()))).isEqualTo(ImageDefect.ROLLED_BACK);
        ImageHeader other = new ImageHeader(2, 5, HEADER.version(), HEADER.messageAbi(), "other");
        assertThat(defect(image(other, key, pair.getPrivate()))).isEqualTo(ImageDefect.WRONG_TARGET);
        ImageHeader newest = new ImageHeader(1, -1, HEADER.version(), HEADER.messageAbi(), "unsigned comparison");
        assertThat(defect(image(newest, key, pair.getPrivate()))).isNull();
        assertThat(defect(new byte[FirmwareImage.MAXIMUM_BYTES + 1])).isEqualTo(ImageDefect.TOO_LARGE);
        assertThat(defect(Arrays.copyOf(good, good.length + 1))).isEqualTo(ImageDefect.BAD_HEADER);
    }

    @Test
    void hostileSectionTablesAreRefusedBeforeAnythingIsReadThroughThem() {
        assertThat(defect(withLong(0x108, -64))).as("offset").isEqualTo(ImageDefect.BAD_SECTION);
        assertThat(defect(withLong(0x108, Long.MAX_VALUE & ~63))).isEqualTo(ImageDefect.BAD_SECTION);
        assertThat(defect(withLong(0x108, 0))).as("over the header").isEqualTo(ImageDefect.BAD_SECTION);
        assertThat(defect(withLong(0x108, 0x1c1))).as("misaligned").isEqualTo(ImageDefect.BAD_SECTION);
        assertThat(defect(withLong(0x110, Long.MAX_VALUE))).as("size").isEqualTo(ImageDefect.BAD_SECTION);
        assertThat(defect(withLong(0x110, -1))).isEqualTo(ImageDefect.BAD_SECTION);
        assertThat(defect(withLong(0x110, 0x41))).as("over the next section").isEqualTo(ImageDefect.BAD_SECTION);
        assertThat(defect(withLong(0x158, 0x1c0))).as("second over the first").isEqualTo(ImageDefect.BAD_SECTION);
        assertThat(defect(withLong(0x160, 101))).as("over the signature").isEqualTo(ImageDefect.BAD_SECTION);
        assertThat(defect(withInt(0x100, 9))).as("type").isEqualTo(ImageDefect.BAD_SECTION);
        assertThat(defect(withInt(0x104, 1))).as("flags").isEqualTo(ImageDefect.BAD_SECTION);
        assertThat(defect(withInt(0x01c, 0))).as("no sections").isEqualTo(ImageDefect.BAD_HEADER);
        assertThat(defect(withInt(0x01c, -1))).as("4294967295 sections").isEqualTo(ImageDefect.BAD_HEADER);
        assertThat(defect(withInt(0x00c, -1))).as("4 GiB").isEqualTo(ImageDefect.TRUNCATED);
        assertThat(defect(withInt(0x024, 3))).as("key kind").isEqualTo(ImageDefect.BAD_HEADER);
        assertThat(defect(withInt(0x030, 0xffffffff))).as("build name").isEqualTo(ImageDefect.BAD_HEADER);
    }

    @Test
    void noiseNeverDoesMoreThanBeRefused() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] noisy = good.clone();
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                noisy[random.nextInt(0x1a0)] = (byte) random.nextInt();
            }
            if (!Arrays.equals(noisy, good)) {
                assertThat(defect(noisy)).isNotNull();
            }
        }
    }

    @Test
    void theShippedKeysDifferAndOnlyOneIsForDevelopment() {
        FirmwareKey development = FirmwareKey.shipped(KeyKind.DEVELOPMENT);
        FirmwareKey production = FirmwareKey.shipped(KeyKind.PRODUCTION);
        assertThat(development.id()).isNotEqualTo(production.id());
        assertThat(development.kind()).isEqualTo(KeyKind.DEVELOPMENT);
        assertThat(production.kind()).isEqualTo(KeyKind.PRODUCTION);
    }

    @Test
    void whatIsNoKeyIsRefused() {
        assertThatThrownBy(() -> FirmwareKey.parse(KeyKind.DEVELOPMENT, "hello")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FirmwareKey.parsePrivate("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textThatIsNoProgramIsNotDecoded() {
        for (String text : new String[]{"", "\n", "name", "name\nkey\n", "name\n=v\n", "name\na=1\na=2\n"}) {
            assertThat(FirmwareProgram.decode(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))).as(text).isEmpty();
        }
        assertThat(FirmwareProgram.decode(new byte[]{(byte) 0xff, '\n'})).isEmpty();
    }

    /** What is wrong, or null. */
    private ImageDefect defect(byte[] bytes) {
        FirmwareImageException refusal = catchThrowableOfType(FirmwareImageException.class,
                () -> FirmwareImage.parse(bytes).verify(policy));
        return refusal == null ? null : refusal.defect();
    }

    private static boolean isPadding(int offset) {
        return offset >= 0x1a0 && offset < 0x1c0 || offset >= 0x1c0 + TEXT.length && offset < 0x200;
    }

    private byte[] withLong(int offset, long value) {
        byte[] changed = good.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(offset, value);
        return changed;
    }

    private byte[] withInt(int offset, int value) {
        byte[] changed = good.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        return changed;
    }

    private static byte[] image(ImageHeader header, FirmwareKey named, PrivateKey signer) {
        return new ImageBuilder(header).section(SectionType.TEXT, TEXT).section(SectionType.DATA, DATA).sign(named, signer);
    }

    private static FirmwareKey publicKey(KeyKind kind, KeyPair pair) {
        String base64 = Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded());
        return FirmwareKey.parse(kind, "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n");
    }
}
