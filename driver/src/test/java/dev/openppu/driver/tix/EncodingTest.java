package dev.openppu.driver.tix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.code.KernelParameter;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instructions against bytes written by hand from the layout in docs/tix.md. */
class EncodingTest {
    private static final String HEAD = """
            .entry test(.u64 out, .u32 n) {
                .reg .u32 r0, r1, r2, r3;
                .reg .u64 w4, w6;
                .reg .pred p0, p1;
            top:
            """;

    private static CodeObject assemble(String code) throws TixException {
        return TixAssembler.assemble("k.tix", HEAD + code + "\n}\n");
    }

    private static String bytes(String code) throws TixException {
        ByteBuffer text = assemble(code).text();
        byte[] first = new byte[32];
        text.get(first);
        return HexFormat.of().formatHex(first);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
        // Word 0 of an unguarded instruction has 7F in bits 24:18: bytes 2 and 3 are FC 01, plus what shares them.
        "ppu.exit;                                #0100fc0100000000 ffffffffffffffff 0000000000000000 0000000000000000",
        // opcode 10, type u32 = 9; a register, b immediate 0 (kind 1 in bits 59:58: byte 7 is 04)
        "ppu.add.u32 r0, r1, 5;                   #1009fc0100000004 000100ffffffffff 0500000000000000 0000000000000000",
        // guard p1, negated: bits 24:18 = 1, bit 25 = 1
        "@!p1 ppu.add.u32 r0, r1, r2;             #1009040200000000 000102ffffffffff 0000000000000000 0000000000000000",
        // rounding .rtz = 2 in bits 28:26, .ftz bit 29, .sat bit 30: byte 3 = 01 | 08 | 20 | 40
        "ppu.fma.rtz.ftz.sat.f32 r0, r1, r2, r3;  #1413fc6900000000 00010203ffffffff 0000000000000000 0000000000000000",
        // mul.wide: variant 2 in bits 36:31: byte 4 bit 0
        "ppu.mul.wide.u32 w4, r1, r2;             #1209fc0101000000 040102ffffffffff 0000000000000000 0000000000000000",
        // cmpp.lt (2) .and (1 in bits 38:37), s = p1 negated (bit 39): variant 2 is byte 4 bit 0, and byte 4 bit 5, bit 7
        "ppu.cmpp.lt.and.s32 p0|p1, r1, r2, !p1;  #390dfc01a1000000 ff0102ffff000101 0000000000000000 0000000000000000",
        // space global = 1 in bits 42:40, cache .cs = 5 in bits 46:43, address register 64-bit: source type u64 = 10 in bits 17:13
        "ppu.ld.global.cs.u32 r0, [w4 + 16];      #5049fd0100290000 0004ffffffffffff 1000000000000000 0000000000000000",
        // release (3 in bits 49:47), scope sys (3 in bits 51:50), shared 2, no address register
        "ppu.st.release.sys.shared.u32 [8], r1;   #5109fc0100820d00 ffff01ffffffffff 0800000000000000 0000000000000000",
        // v4: 2 in bits 53:52; elements in word 3
        "ppu.ld.global.v4.b32 {r0, _, r2, r3}, [w4];#5044fd0100012000 ff04ffffffffffff 0000000000000000 00ff0203ffffffff",
        // special register %tid.y = 1, kind 3 in bits 57:56
        "ppu.mov.u32 r0, %tid.y;                  #0809fc0100000003 0001ffffffffffff 0000000000000000 0000000000000000",
        // backwards by nothing: the branch is the first instruction
        "ppu.bra top;                             #0200fc0100000000 ffffffffffffffff 0000000000000000 0000000000000000",
        // a 64-bit result of a 32-bit load: 1 in bits 55:54
        "ppu.ld.param.s32 w4, [n];                #500dfc0100054000 04ffffffffffffff 0800000000000000 0000000000000000",
        // bar.sync 1, 64: counted is 8, immediates 0 and 1
        "ppu.bar.sync 1, 64;                      #0300fc0104000009 ff0000ffffffffff 0100000000000000 4000000000000000"})
    void instructionsHaveTheirBytes(String code, String expected) throws TixException {
        assertThat(bytes(code.strip())).isEqualTo(expected.replace(" ", ""));
    }

    @Test
    void branchesCountFromThemselves() throws TixException {
        ByteBuffer text = assemble("ppu.exit;\nppu.exit;\n@p0 ppu.bra top;\n@p0 ppu.bra end;\nppu.exit;\nend: ppu.exit;").text();
        assertThat(text.getLong(2 * 32 + 16)).isEqualTo(-64);
        assertThat(text.getLong(3 * 32 + 16)).isEqualTo(64);
    }

    @Test
    void aThirdNumberGoesThroughARegister() throws TixException {
        CodeObject object = assemble("ppu.bfi.b32 r0, 1, 2, 3, 4;");
        assertThat(object.text().remaining()).isEqualTo(4 * 32);
        assertThat(object.kernels().getFirst().registers()).isEqualTo(10);
        assertThat(object.text().get(0) & 0xFF).as("mov").isEqualTo(0x08);
    }

    @Test
    void aKernelIsDescribed() throws TixException {
        CodeObject object = TixAssembler.assemble("k.tix", """
                .shared .u32 all[4];
                .entry first(.u8 a, .u64 b, .f32 c[3]) .maxntid 16,4 {
                    .shared .align 64 .b8 own[10];
                    .local .u64 frame[2];
                    .reg .pred p<3>;
                    .reg .u32 x;
                    { .reg .u64 y; .reg .u32 z; }
                    { .reg .u32 w; }
                    ppu.exit;
                }
                .entry second() { }
                """);
        KernelInfo first = object.kernels().getFirst();
        assertThat(first).isEqualTo(new KernelInfo("first", 0, 5, 3, 74, 16, 64, 28,
                java.util.List.of(new KernelParameter("a", DataType.U8, 0, 1), new KernelParameter("b", DataType.U64, 8, 8),
                        new KernelParameter("c", DataType.F32, 16, 12))));
        assertThat(object.kernel("second")).isNotNull().extracting(KernelInfo::entryOffset).isEqualTo(32);
        assertThat(object.lineAt(0)).isEqualTo(9);
        assertThat(object.lineAt(32)).isEqualTo(11);
    }
}
