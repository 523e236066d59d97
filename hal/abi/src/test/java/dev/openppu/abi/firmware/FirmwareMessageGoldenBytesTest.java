package dev.openppu.abi.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Messages against bytes written by hand from docs/device.md, section 4; the checksum comes from an independent CRC-32C, bit by bit. */
class FirmwareMessageGoldenBytesTest {
    private final MemorySegment ring = Arena.ofAuto().allocate(128, 64);

    @Test
    void aPingIsTheseBytes() {
        ring.fill((byte) 0xee);
        FirmwareMessage.begin(ring, 64, 0x01020304, MessageType.PING.code(), new MessageAbi.Agreed(1, 0).pack(), 0);
        FirmwareMessage.word(ring, 64, 0, 0x1122_3344_5566_7788L);
        FirmwareMessage.seal(ring, 64);
        String withoutChecksum = "04030201" + "%s" + "0200" + "0001" + "00000000" + "8877665544332211" + "00".repeat(40);
        byte[] zeroed = HexFormat.of().parseHex(withoutChecksum.formatted("00000000"));
        String checksum = HexFormat.of().toHexDigits(Integer.reverseBytes(crc32c(zeroed)));
        assertThat(hex(64)).isEqualTo(withoutChecksum.formatted(checksum));
        assertThat(hex(0)).isEqualTo("ee".repeat(64));
        assertThat(FirmwareMessage.intact(ring, 64)).isTrue();
    }

    @Test
    void theChecksumIsCrc32cAsThePublishedCheckValueSays() {
        assertThat(crc32c("123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII))).isEqualTo(0xe3069283);
    }

    @Test
    void anyFlippedBitIsNoticed() {
        FirmwareMessage.begin(ring, 0, 7, MessageType.HELLO.replyCode(), 0x0100, 3);
        FirmwareMessage.word(ring, 0, 5, -1);
        FirmwareMessage.seal(ring, 0);
        for (int bit = 0; bit < 512; bit++) {
            flip(bit);
            assertThat(FirmwareMessage.intact(ring, 0)).as("bit %d", bit).isFalse();
            flip(bit);
        }
        assertThat(FirmwareMessage.intact(ring, 0)).isTrue();
    }

    @Test
    void aReplyNamesItsCommand() {
        FirmwareMessage.begin(ring, 0, 9, MessageType.KILL_CONTEXT.replyCode(), 0x0203, 0x0a0b0c0d);
        assertThat(FirmwareMessage.type(ring, 0)).isEqualTo(0x8004);
        assertThat(FirmwareMessage.abi(ring, 0)).isEqualTo(0x0203);
        assertThat(FirmwareMessage.replyTo(ring, 0)).isEqualTo(0x0a0b0c0d);
        assertThat(FirmwareMessage.sequence(ring, 0)).isEqualTo(9);
        assertThat(hex(0)).startsWith("09000000" + "00000000" + "0480" + "0302" + "0d0c0b0a");
    }

    @Test
    void sequenceNumbersWrapPastZero() {
        assertThat(FirmwareMessage.nextSequence(1)).isEqualTo(2);
        assertThat(FirmwareMessage.nextSequence(-1)).isEqualTo(1);
        assertThat(FirmwareMessage.nextSequence(Integer.MAX_VALUE)).isEqualTo(Integer.MIN_VALUE);
    }

    @Test
    void anXidEventIsTheseWords() {
        XidEvent event = new XidEvent(1155, 19, 3, 4, 1, 0x0102, 0x0304, 0x7000_0000_1234L, 0x40, 99);
        FirmwareMessage.begin(ring, 0, 1, MessageType.XID.code(), 0x0100, 0);
        event.encode(ring, 0);
        assertThat(FirmwareMessage.word(ring, 0, 0)).isEqualTo(0x483);
        assertThat(FirmwareMessage.word(ring, 0, 1)).isEqualTo(0x0104_0313L);
        assertThat(FirmwareMessage.word(ring, 0, 2)).isEqualTo(0x0304_0102L);
        assertThat(FirmwareMessage.word(ring, 0, 3)).isEqualTo(0x7000_0000_1234L);
        assertThat(FirmwareMessage.word(ring, 0, 4)).isEqualTo(0x40);
        assertThat(FirmwareMessage.word(ring, 0, 5)).isEqualTo(99);
        assertThat(XidEvent.decode(ring, 0)).isEqualTo(event);
    }

    @Test
    void typesAndStatusesHaveTheseNumbers() {
        assertThat(MessageType.HELLO.code()).isEqualTo(1);
        assertThat(MessageType.SHUTDOWN.code()).isEqualTo(5);
        assertThat(MessageType.LOG.code()).isEqualTo(0x4002);
        assertThat(MessageType.of(0x8001)).isEmpty();
        assertThat(MessageStatus.of(6)).contains(MessageStatus.HELLO_FIRST);
        assertThat(MessageStatus.of(2)).contains(MessageStatus.BAD_CHECKSUM);
        assertThat(MessageStatus.of(7)).isEmpty();
        assertThat(MessageStatus.of(-1)).isEmpty();
    }

    @Test
    void thereAreSixWords() {
        assertThatThrownBy(() -> FirmwareMessage.word(ring, 0, 6)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private void flip(int bit) {
        ring.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (ring.get(ValueLayout.JAVA_BYTE, bit / 8) ^ 1 << bit % 8));
    }

    private String hex(long base) {
        return HexFormat.of().formatHex(ring.asSlice(base, 64).toArray(ValueLayout.JAVA_BYTE));
    }

    private static int crc32c(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int i = 0; i < 8; i++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
            }
        }
        return ~crc;
    }
}
