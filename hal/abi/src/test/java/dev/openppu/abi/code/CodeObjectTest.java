package dev.openppu.abi.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeObjectTest {
    private static CodeObject sample() {
        ByteBuffer text = ByteBuffer.allocate(96);
        for (int i = 0; i < 3; i++) {
            Instruction.of(Opcode.EXIT).build().encode(text);
        }
        KernelParameter pointer = new KernelParameter("out", DataType.U64, 0, 8);
        KernelParameter count = new KernelParameter("n", DataType.U32, 8, 4);
        KernelInfo one = new KernelInfo("one", 0, 12, 3, 1024, 16, 256, 12, List.of(pointer, count));
        KernelInfo two = new KernelInfo("two", 64, 0, 0, 0, 0, 0, 0, List.of());
        return new CodeObject("k.tix", text.array(), new byte[]{1, 2, 3, 4, 5}, List.of(one, two), new int[]{3, 4, 9});
    }

    @Test
    void whatIsWrittenIsRead() throws MalformedCodeException {
        CodeObject object = CodeObject.parse(sample().toBytes());
        assertThat(object.source()).isEqualTo("k.tix");
        assertThat(object.kernels()).isEqualTo(sample().kernels());
        assertThat(object.text()).isEqualTo(sample().text());
        assertThat(object.constants()).isEqualTo(sample().constants());
        assertThat(object.lineAt(64)).isEqualTo(9);
        assertThat(object.lineAt(96)).isZero();
        assertThat(object.lineAt(-1)).isZero();
    }

    @Test
    void theHeaderHasItsBytes() {
        byte[] bytes = sample().toBytes();
        String header = HexFormat.of().formatHex(bytes, 0, 0x18);
        assertThat(header).isEqualTo("505055434f444500" + "0100" + "0000" + "64000000"
                + HexFormat.of().toHexDigits(Integer.reverseBytes(bytes.length)) + "05000000");
        // Section table: kind, offset, size, zero. The text begins at the next multiple of 32 behind header and table (0x70).
        assertThat(HexFormat.of().formatHex(bytes, 0x20, 0x30)).isEqualTo("01000000" + "80000000" + "60000000" + "00000000");
        assertThat(HexFormat.of().formatHex(bytes, 0x30, 0x40)).isEqualTo("02000000" + "e0000000" + "05000000" + "00000000");
    }

    @Test
    void everyFlippedBitIsFound() {
        byte[] good = sample().toBytes();
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> CodeObject.parse(bad)).as("bit %d", bit).isInstanceOf(MalformedCodeException.class)
                    .hasMessageStartingWith("code object: ");
        }
    }

    @Test
    void everyTruncationIsFound() {
        byte[] good = sample().toBytes();
        for (int length = 0; length < good.length; length++) {
            byte[] bad = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> CodeObject.parse(bad)).isInstanceOf(MalformedCodeException.class);
        }
    }

    /** Damage with a checksum that fits: somebody made it on purpose. */
    private static byte[] patched(int offset, int value) {
        byte[] bytes = sample().toBytes();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        return sealed(bytes);
    }

    private static byte[] sealed(byte[] bytes) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0x18, CodeObjectFormat.checksum(bytes));
        return bytes;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0x0C|150|target 150 is not ppu_10", "0x08|2|version 2 is not supported",
        "0x10|5|header says 5 bytes",
        "0x14|-1|section count 4294967295 is more than 16", "0x14|16|overlaps or runs past", "0x20|9|section 0 has unknown kind 9",
        "0x30|1|section text is there twice",
        "0x24|129|section text is not aligned", "0x28|2147483647|overlaps or runs past the end", "0x28|65|text is 65 bytes",
        "0x28|64|kernel two: entry 64 is not in the text",
        "0x2C|7|reserved field is not zero", "0x1C|1|reserved header field"})
    void forgedTablesAreRefusedByName(String offset, int value, String reason) {
        byte[] bad = patched(Integer.decode(offset), value);
        assertThatThrownBy(() -> CodeObject.parse(bad)).isInstanceOf(MalformedCodeException.class).hasMessageContaining(reason);
    }

    @Test
    void randomForgeriesAreReadOrRefusedButNothingElse() {
        Random random = new Random(8);
        for (int round = 0; round < 20_000; round++) {
            byte[] bad = sample().toBytes();
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = 0x20 + random.nextInt(bad.length - 0x20 - 4);
                ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(at & ~3,
                        random.nextBoolean() ? random.nextInt() : random.nextInt(300));
            }
            sealed(bad);
            try {
                CodeObject object = CodeObject.parse(bad);
                assertThat(object.text().remaining()).isPositive();
            } catch (MalformedCodeException e) {
                assertThat(e).hasMessageStartingWith("code object: ");
            }
        }
    }
}
