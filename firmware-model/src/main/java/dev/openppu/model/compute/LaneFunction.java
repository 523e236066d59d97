package dev.openppu.model.compute;

/** What an operation computes in one lane: raw bits of up to four operands, zero-extended, to raw bits of the result. Pure. */
interface LaneFunction {
    /** @throws DeviceTrap for a division by zero */
    long apply(long a, long b, long c, long e) throws DeviceTrap;

    /** The same on both 16-bit halves of 32-bit operands. */
    default LaneFunction onHalves() {
        return (a, b, c, e) -> apply(a & 0xFFFF, b & 0xFFFF, c & 0xFFFF, e & 0xFFFF) & 0xFFFF
                | (apply(a >>> 16 & 0xFFFF, b >>> 16 & 0xFFFF, c >>> 16 & 0xFFFF, e >>> 16 & 0xFFFF) & 0xFFFF) << 16;
    }

    /** The same on both 32-bit halves of 64-bit operands. */
    default LaneFunction onWords() {
        return (a, b, c, e) -> apply(a & 0xFFFF_FFFFL, b & 0xFFFF_FFFFL, c & 0xFFFF_FFFFL, e & 0xFFFF_FFFFL) & 0xFFFF_FFFFL
                | apply(a >>> 32, b >>> 32, c >>> 32, e >>> 32) << 32;
    }
}
