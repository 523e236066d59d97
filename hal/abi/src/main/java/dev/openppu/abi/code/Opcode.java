package dev.openppu.abi.code;

import org.jspecify.annotations.Nullable;

/** Native operations. The number is bits 7:0 of the control word; 0 is no instruction, so that zeroed memory does not execute. */
public enum Opcode {
    EXIT(0x01),
    BRA(0x02),
    BAR(0x03),
    BAR_WARP(0x04),
    FENCE(0x05),
    NANOSLEEP(0x06),
    /** Register copy of one, two or four registers; a special register is read through it or as a source operand elsewhere. */
    MOV(0x08),
    PACK(0x09),
    UNPACK(0x0A),
    SELP(0x0B),
    SLCT(0x0C),
    CVT(0x0D),
    CVT_PACK(0x0E),
    PRMT(0x0F),
    ADD(0x10),
    SUB(0x11),
    MUL(0x12),
    MAD(0x13),
    FMA(0x14),
    MUL24(0x15),
    MAD24(0x16),
    DIV(0x17),
    REM(0x18),
    MIN(0x19),
    MAX(0x1A),
    ABS(0x1B),
    NEG(0x1C),
    SAD(0x1D),
    DP4A(0x1E),
    DP2A(0x1F),
    AND(0x20),
    OR(0x21),
    XOR(0x22),
    NOT(0x23),
    CNOT(0x24),
    LOP3(0x25),
    SHL(0x26),
    SHR(0x27),
    SHF(0x28),
    POPC(0x29),
    CLZ(0x2A),
    BREV(0x2B),
    BFIND(0x2C),
    BFE(0x2D),
    BFI(0x2E),
    BMSK(0x2F),
    SZEXT(0x30),
    FNS(0x31),
    CMP(0x38),
    CMPP(0x39),
    TESTP(0x3A),
    COPYSIGN(0x3B),
    RCP(0x40),
    SQRT(0x41),
    RSQRT(0x42),
    SIN(0x43),
    COS(0x44),
    LG2(0x45),
    EX2(0x46),
    TANH(0x47),
    LD(0x50),
    ST(0x51),
    ATOM(0x52),
    PREFETCH(0x53),
    ISSPACEP(0x54),
    CVTA(0x55),
    CVTA_TO(0x56),
    SHFL(0x60),
    VOTE(0x61),
    MATCH(0x62),
    REDUX(0x63),
    ACTIVEMASK(0x64);

    private static final @Nullable Opcode[] BY_CODE = new Opcode[256];

    static {
        for (Opcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;

    Opcode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The operation with this number, or null. */
    public static @Nullable Opcode of(int code) {
        return BY_CODE[code & 0xFF];
    }
}
