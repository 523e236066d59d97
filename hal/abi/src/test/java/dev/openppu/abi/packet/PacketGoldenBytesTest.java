package dev.openppu.abi.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every packet against bytes written by hand from docs/device.md, section 5: a wrong constant that device and driver share would hide from all other tests. */
class PacketGoldenBytesTest {
    private static final long BASE = 64;
    private static final long SIGNAL = 0x0000_7001_0203_0405L;

    private final Arena arena = Arena.ofConfined();
    /** Three slots; the outer two must stay untouched. */
    private final MemorySegment ring = arena.allocate(3 * 64, 64);

    PacketGoldenBytesTest() {
        ring.fill((byte) 0xee);
    }

    @AfterEach
    void outsideTheSlotNothingWasWritten() {
        assertThat(hex(0, 64)).isEqualTo("ee".repeat(64));
        assertThat(hex(128, 64)).isEqualTo("ee".repeat(64));
        arena.close();
    }

    @Test
    void kernelDispatch() {
        KernelDispatchPacket.encodeShape(ring, BASE, 0x0102, 0x0304, 0x0506, 0x11121314, 0x21222324, 0x31323334, 0x41424344);
        KernelDispatchPacket.encodeAddresses(ring, BASE, 0x0000_1122_3344_5566L, 0x0000_2122_2324_2526L, SIGNAL);
        assertThat(hex(BASE, 4)).as("the header is not there before it is published").isEqualTo("eeeeeeee");
        AqlHeader.publish(ring, BASE, KernelDispatchPacket.word(true, AqlHeader.SCOPE_AGENT, AqlHeader.SCOPE_SYSTEM, 3));
        assertSlot("0213 0300", "0201 0403", "0605 0000", "14131211", "24232221", "34333231", "00000000", "44434241", "66554433 22110000",
                "26252423 22210000", "00000000 00000000", "05040302 01700000");
        int word = AqlHeader.acquire(ring, BASE);
        assertThat(AqlHeader.type(word)).isEqualTo(2);
        assertThat(AqlHeader.barrier(word)).isTrue();
        assertThat(AqlHeader.acquireScope(word)).isEqualTo(1);
        assertThat(AqlHeader.releaseScope(word)).isEqualTo(2);
        assertThat(KernelDispatchPacket.dimensions(word)).isEqualTo(3);
        assertThat(AqlHeader.wellFormed(word)).isTrue();
        assertThat(KernelDispatchPacket.blockX(ring, BASE)).isEqualTo(0x0102);
        assertThat(KernelDispatchPacket.blockY(ring, BASE)).isEqualTo(0x0304);
        assertThat(KernelDispatchPacket.blockZ(ring, BASE)).isEqualTo(0x0506);
        assertThat(KernelDispatchPacket.gridX(ring, BASE)).isEqualTo(0x11121314);
        assertThat(KernelDispatchPacket.gridY(ring, BASE)).isEqualTo(0x21222324);
        assertThat(KernelDispatchPacket.gridZ(ring, BASE)).isEqualTo(0x31323334);
        assertThat(KernelDispatchPacket.sharedBytes(ring, BASE)).isEqualTo(0x41424344);
        assertThat(KernelDispatchPacket.kernel(ring, BASE)).isEqualTo(0x112233445566L);
        assertThat(KernelDispatchPacket.parameters(ring, BASE)).isEqualTo(0x212223242526L);
        assertThat(AqlHeader.completionSignal(ring, BASE)).isEqualTo(SIGNAL);
        assertThat(KernelDispatchPacket.reservedClear(ring, BASE)).isTrue();
    }

    @Test
    void barrierAndWithTwoDependencies() {
        BarrierPacket.encode(ring, BASE, SIGNAL);
        BarrierPacket.dependency(ring, BASE, 0, 0x1111);
        BarrierPacket.dependency(ring, BASE, 4, 0x5555);
        AqlHeader.publish(ring, BASE, BarrierPacket.andWord(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_NONE));
        assertSlot("0300 0000", "00000000", "11110000 00000000", "00000000 00000000", "00000000 00000000", "00000000 00000000",
                "55550000 00000000",
                "00000000 00000000", "05040302 01700000");
        assertThat(BarrierPacket.dependency(ring, BASE, 4)).isEqualTo(0x5555);
        assertThat(BarrierPacket.reservedClear(ring, BASE)).isTrue();
    }

    @Test
    void barrierOr() {
        BarrierPacket.encode(ring, BASE, 0);
        AqlHeader.publish(ring, BASE, BarrierPacket.orWord(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_AGENT));
        assertSlot("050d 0000", "00000000", "00".repeat(56));
    }

    @Test
    void copy() {
        CopyPacket.encode(ring, BASE, CopyPacket.FLAG_SCATTER_GATHER, 0x1000, 0x2000, 0x0100_0000_0003L, SIGNAL);
        AqlHeader.publish(ring, BASE, CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM));
        assertSlot("0014 0100", "01000000", "00100000 00000000", "00200000 00000000", "03000000 00010000", "00".repeat(24),
                "05040302 01700000");
        assertThat(VendorPacket.format(AqlHeader.acquire(ring, BASE))).isEqualTo(VendorPacket.FORMAT_COPY);
        assertThat(CopyPacket.length(ring, BASE)).isEqualTo(0x0100_0000_0003L);
    }

    @Test
    void fill() {
        FillPacket.encode(ring, BASE, 4, 0xdeadbeefL, 0x3000, 7, SIGNAL);
        AqlHeader.publish(ring, BASE, FillPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_SYSTEM));
        assertSlot("0010 0200", "04000000", "efbeadde 00000000", "00300000 00000000", "07000000 00000000", "00".repeat(24),
                "05040302 01700000");
    }

    @Test
    void waitValue() {
        WaitValuePacket.encode(ring, BASE, WaitValuePacket.COMPARE_NOR | WaitValuePacket.FLAG_64_BIT, 0x4008, -2, SIGNAL);
        AqlHeader.publish(ring, BASE, WaitValuePacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_NONE));
        assertSlot("0000 0300", "03010000", "08400000 00000000", "feffffff ffffffff", "00".repeat(32), "05040302 01700000");
        WaitValuePacket.encode(ring, BASE, WaitValuePacket.COMPARE_LESS_OR_EQUAL | WaitValuePacket.FLAG_64_BIT, 0x4008, -2, SIGNAL);
        assertSlot("0000 0300", "04010000", "08400000 00000000", "feffffff ffffffff", "00".repeat(32), "05040302 01700000");
    }

    @Test
    void writeValue() {
        WriteValuePacket.encode(ring, BASE, WriteValuePacket.FLAG_64_BIT, 0x4010, 0x0807_0605_0403_0201L, 0);
        AqlHeader.publish(ring, BASE, WriteValuePacket.word(true, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_NONE));
        assertSlot("0001 0400", "00010000", "10400000 00000000", "01020304 05060708", "00".repeat(32), "00".repeat(8));
    }

    @Test
    void timestamp() {
        TimestampPacket.encode(ring, BASE, 0x5008, SIGNAL);
        AqlHeader.publish(ring, BASE, TimestampPacket.word(false, AqlHeader.SCOPE_NONE, AqlHeader.SCOPE_NONE));
        assertSlot("0000 0500", "00000000", "08500000 00000000", "00".repeat(40), "05040302 01700000");
    }

    @Test
    void scatterGatherEntry() {
        ScatterGatherEntry.encode(ring, BASE, 0x0102, 0x0304, 0x0506);
        assertThat(hex(BASE, 32)).isEqualTo("0201000000000000" + "0403000000000000" + "0605000000000000" + "0000000000000000");
        assertThat(hex(BASE + 32, 32)).isEqualTo("ee".repeat(32));
    }

    @Test
    void anInvalidSlotHasType1AndNothingElseInItsFirstWord() {
        AqlHeader.invalidate(ring, BASE);
        assertThat(hex(BASE, 8)).isEqualTo("01000000" + "eeeeeeee");
    }

    @Test
    void reservedBytesAreNoticedInEveryPacket() {
        ring.asSlice(BASE, 64).fill((byte) 0);
        for (int offset : new int[]{0x0a, 0x18, 0x30, 0x37}) {
            assertThat(withByte(offset, () -> KernelDispatchPacket.reservedClear(ring, BASE))).as("dispatch 0x%x", offset).isFalse();
        }
        for (int offset : new int[]{0x02, 0x04, 0x30}) {
            assertThat(withByte(offset, () -> BarrierPacket.reservedClear(ring, BASE))).as("barrier 0x%x", offset).isFalse();
        }
        for (int offset : new int[]{0x20, 0x2f, 0x37}) {
            assertThat(withByte(offset, () -> CopyPacket.reservedClear(ring, BASE))).as("copy 0x%x", offset).isFalse();
            assertThat(withByte(offset, () -> FillPacket.reservedClear(ring, BASE))).as("fill 0x%x", offset).isFalse();
            assertThat(withByte(offset, () -> WaitValuePacket.reservedClear(ring, BASE))).as("wait 0x%x", offset).isFalse();
            assertThat(withByte(offset, () -> WriteValuePacket.reservedClear(ring, BASE))).as("write 0x%x", offset).isFalse();
            assertThat(withByte(offset, () -> TimestampPacket.reservedClear(ring, BASE))).as("time stamp 0x%x", offset).isFalse();
        }
        assertThat(KernelDispatchPacket.reservedClear(ring, BASE)).isTrue();
        assertThat(TimestampPacket.reservedClear(ring, BASE)).isTrue();
        ring.asSlice(BASE, 64).fill((byte) 0xee);
    }

    @Test
    void headersWithReservedBitsOrUndefinedScopesAreNotWellFormed() {
        assertThat(AqlHeader.wellFormed(0x2002)).isFalse();
        assertThat(AqlHeader.wellFormed(0x0602)).isFalse();
        assertThat(AqlHeader.wellFormed(0x1802)).isFalse();
        assertThat(AqlHeader.wellFormed(0xffff_1502)).isTrue();
    }

    private boolean withByte(int offset, java.util.function.BooleanSupplier check) {
        ring.set(ValueLayout.JAVA_BYTE, BASE + offset, (byte) 1);
        boolean result = check.getAsBoolean();
        ring.set(ValueLayout.JAVA_BYTE, BASE + offset, (byte) 0);
        return result;
    }

    private void assertSlot(String... groups) {
        assertThat(hex(BASE, 64)).isEqualTo(String.join("", groups).replace(" ", ""));
    }

    private String hex(long offset, long length) {
        return HexFormat.of().formatHex(ring.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    }
}
