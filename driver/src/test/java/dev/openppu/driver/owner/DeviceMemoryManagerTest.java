package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.OutOfDeviceMemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeviceMemoryManagerTest {
    @Test
    void exhaustionSaysWhatIsFree() {
        DeviceMemoryManager memory = new DeviceMemoryManager("card", 16 << 10);
        memory.allocate(4 << 10, "a");
        long b = memory.allocate(4 << 10, "b");
        memory.allocate(4 << 10, "c");
        memory.free(b);
        OutOfDeviceMemoryException e = catchThrowableOfType(OutOfDeviceMemoryException.class, () -> memory.allocate(8 << 10, "d"));
        assertThat(e.hgresult()).isEqualTo(HgResult.OUT_OF_MEMORY);
        assertThat(e.requested()).isEqualTo(8192);
        assertThat(e.free()).isEqualTo(8192);
        assertThat(e.largest()).isEqualTo(4096);
        assertThat(e).hasMessageContaining("8,192 bytes asked for").hasMessageContaining("4,096 of them in one piece")
                .hasMessageContaining("card");
    }

    @Test
    void alignsToTheLargestPageThatFits() {
        assertThat(DeviceMemoryManager.alignment(4096)).isEqualTo(4096);
        assertThat(DeviceMemoryManager.alignment((2 << 20) - 4096)).isEqualTo(4096);
        assertThat(DeviceMemoryManager.alignment(2 << 20)).isEqualTo(2 << 20);
        assertThat(DeviceMemoryManager.alignment(1L << 30)).isEqualTo(1L << 30);
        assertThat(DeviceMemoryManager.alignment(1L << 40)).isEqualTo(1L << 30);
    }

    @Test
    void takesUnalignedMemoryRatherThanNone() {
        DeviceMemoryManager memory = new DeviceMemoryManager("card", (2 << 20) + 4096);
        memory.allocate(4096, "a");
        assertThat(memory.allocate(2 << 20, "b")).isEqualTo(4096);
    }

    @Test
    void splintersMakeOneAllocationWithTheLargestPiecesFirst() {
        DeviceMemoryManager memory = new DeviceMemoryManager("fake", 64L << 20);
        List<Long> held = new ArrayList<>();
        while (memory.used() < 64L << 20) {
            held.add(memory.allocate(4096, "filler"));
        }
        for (int i = 0; i < held.size(); i += 2) { // every other page is free: nothing larger lies together
            memory.free(held.get(i));
        }
        assertThatThrownBy(() -> memory.allocate(8192, "whole")).isInstanceOf(OutOfDeviceMemoryException.class);
        List<DeviceMemoryManager.Piece> pieces = memory.allocatePieces(1 << 20, "pieces");
        assertThat(pieces).hasSize(256).allMatch(p -> p.bytes() == 4096);
        assertThat(pieces.stream().map(DeviceMemoryManager.Piece::address)).doesNotHaveDuplicates().doesNotContainAnyElementsOf(
                IntStream.range(0, held.size()).filter(i -> i % 2 == 1).mapToObj(held::get).toList());
        pieces.forEach(p -> memory.free(p.address()));
        assertThatThrownBy(() -> memory.allocatePieces(33L << 20, "too much")).isInstanceOf(OutOfDeviceMemoryException.class);
        assertThat(memory.used()).as("what failed took nothing").isEqualTo(32L << 20);
    }

    @Test
    void piecesAreAlignedToTheLargestPagesThatTheyCanUse() {
        DeviceMemoryManager memory = new DeviceMemoryManager("fake", 16L << 20);
        memory.allocate(4096, "begin");
        long middle = memory.allocatePieces(8L << 20, "middle").getFirst().address();
        assertThat(middle % (2L << 20)).isZero();
        List<DeviceMemoryManager.Piece> pieces = memory.allocatePieces(7L << 20, "rest");
        assertThat(pieces.stream().mapToLong(DeviceMemoryManager.Piece::bytes).sum()).isEqualTo(7L << 20);
        long before = 0;
        for (DeviceMemoryManager.Piece piece : pieces) {
            if (piece.bytes() >= 2L << 20) {
                assertThat(piece.address() % (2L << 20)).isZero();
                assertThat(before % (2L << 20)).as("large pieces come first, so their virtual addresses are aligned").isZero();
            }
            before += piece.bytes();
        }
    }

    @Test
    void retiredPagesAreNeverHandedOut() {
        DeviceMemoryManager memory = new DeviceMemoryManager("fake", 1 << 20);
        long held = memory.allocate(8192, "user");
        memory.retire(held + 4096 + 17);
        memory.retire(512 << 10);
        memory.retire(512 << 10);
        assertThat(memory.used()).isEqualTo(8192);
        memory.free(held);
        assertThat(memory.used()).isZero();
        assertThat(memory.total()).isEqualTo((1 << 20) - 2 * 4096);
        List<DeviceMemoryManager.Piece> all = memory.allocatePieces(memory.total(), "all that is left");
        assertThat(all).noneMatch(p -> within(p, held + 4096) || within(p, 512 << 10));
        assertThatThrownBy(() -> memory.allocatePieces(4096, "one more")).isInstanceOf(OutOfDeviceMemoryException.class);
    }

    private static boolean within(DeviceMemoryManager.Piece piece, long address) {
        return address >= piece.address() && address < piece.address() + piece.bytes();
    }
}
