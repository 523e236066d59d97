package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.OutOfDeviceMemoryException;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.fake.FakeDevice;
import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.mmio.TrappedMmio;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AddressSpaceTest {
    private static final long PAGE = 4096;
    private static final long DONE = PpuBar0Regs.MMU_OFFSET + MmuRegs.INVALIDATE_DONE_OFFSET;
    private static final long INVALIDATE = PpuBar0Regs.MMU_OFFSET + MmuRegs.INVALIDATE_OFFSET;

    private final FakeDevice fake = new FakeDevice();
    private final DeviceAccess device = new DeviceAccess(fake);
    private final List<String> window = new ArrayList<>();
    private final List<Long> written = new ArrayList<>();
    /** From this access of the window on the link fails. */
    private int failing = Integer.MAX_VALUE;
    private final MmioTrap recording = new MmioTrap() {
        @Override
        public long read(long offset, int bytes) {
            access("read");
            return 0;
        }

        @Override
        public void write(long offset, int bytes, long value) {
            access("write");
            written.add(offset);
        }

        private void access(String what) {
            if (window.size() >= failing) {
                throw new LinkException("planted");
            }
            window.add(what);
        }
    };
    private final DeviceMemoryPort port = new DeviceMemoryPort(fake.runtime(), new TrappedMmio(recording, FakeDevice.MEMORY_BYTES), device
            .registers().memory(), FakeDevice.MEMORY_BYTES);
    private final DeviceMemoryManager memory = new DeviceMemoryManager("fake", FakeDevice.MEMORY_BYTES);
    private final PinnedMemory pinned = new PinnedMemory(fake.dma());
    private AddressSpace space;

    @BeforeEach
    void open() {
        fake.registers().onWrite(INVALIDATE, value -> fake.registers().set(DONE, fake.registers().get(DONE) + 1));
        space = new AddressSpace(device, 3, port, memory, pinned, new TranslationCache(device, port, 1_000_000));
    }

    @Test
    void whatIsMappedOrUploadedHasArrivedBeforeAPacketCanNameIt() {
        long address = space.allocateDevice(100, Access.READ_WRITE);
        assertThat(window).endsWith("write", "read");
        window.clear();
        space.allocatePinned(100, Access.READ);
        assertThat(window).endsWith("write", "read");
        window.clear();
        space.upload(address, MemorySegment.ofArray(new byte[8]));
        assertThat(window).containsExactly("write", "read");
    }

    @Test
    void entriesAreGoneBeforeTranslationsAreInvalidated() {
        long address = space.allocateDevice(100, Access.READ_WRITE);
        window.clear();
        List<String> atInvalidation = new ArrayList<>();
        fake.registers().onWrite(INVALIDATE, value -> {
            atInvalidation.addAll(window);
            assertThat(value).isEqualTo(0x8002_0003L);
            fake.registers().set(DONE, fake.registers().get(DONE) + 1);
        });
        space.free(address);
        assertThat(atInvalidation).contains("write").endsWith("read");
    }

    @Test
    void allocationsHaveUnmappedPagesBetweenThem() {
        long first = space.allocateDevice(PAGE, Access.READ_WRITE);
        long second = space.allocateDevice(PAGE, Access.READ_WRITE);
        assertThat(first).isGreaterThanOrEqualTo(2 << 20);
        assertThat(second - first).isEqualTo(2 * PAGE);
    }

    /** Where there is no room in one piece, what is written goes on in the next one, not behind the first. */
    @Test
    void anUploadFollowsThePiecesOfItsAllocation() {
        List<Long> pages = new ArrayList<>();
        assertThatThrownBy(() -> {
            while (true) {
                pages.add(space.allocateDevice(PAGE, Access.READ_WRITE));
            }
        }).isInstanceOf(OutOfDeviceMemoryException.class);
        List<Long> apart = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            long page = pages.get(100 + 2 * i);
            apart.add(placesOf(page, PAGE).getFirst());
            space.free(page);
        }
        long address = space.allocateDevice(3 * PAGE, Access.READ_WRITE);
        List<Long> places = placesOf(address, 3 * PAGE);
        assertThat(places).hasSize(3).doesNotHaveDuplicates();
        assertThat(apart).containsAll(places);
    }

    /** The pages of device memory that an upload writes, in its order. */
    private List<Long> placesOf(long address, long bytes) {
        written.clear();
        space.upload(address, MemorySegment.ofArray(new byte[(int) bytes]));
        return written.stream().map(offset -> offset / PAGE).distinct().toList();
    }

    @Test
    void aClientReachesOnlyItsOwnAllocations() {
        long address = space.allocateDevice(PAGE, Access.READ_WRITE);
        long host = space.allocatePinned(PAGE, Access.READ_WRITE).address();
        MemorySegment twoPages = MemorySegment.ofArray(new byte[(int) PAGE + 1]);
        assertThatThrownBy(() -> space.upload(address, twoPages)).isInstanceOf(PpuException.class);
        assertThatThrownBy(() -> space.upload(host, MemorySegment.ofArray(new byte[1]))).isInstanceOf(PpuException.class);
        assertThatThrownBy(() -> space.upload(0, MemorySegment.ofArray(new byte[1]))).isInstanceOf(PpuException.class);
        assertThatThrownBy(() -> space.free(address + PAGE)).isInstanceOf(PpuException.class);
        space.free(address);
        assertThatThrownBy(() -> space.free(address)).isInstanceOf(PpuException.class);
    }

    @Test
    void anInvalidationThatNeverEndsFreesAllTheSame() {
        long address = space.allocatePinned(PAGE, Access.READ_WRITE).address();
        fake.registers().onWrite(INVALIDATE, value -> {});
        assertThatThrownBy(() -> space.free(address)).isInstanceOf(PpuException.class).hasMessageContaining("invalidation");
        assertThat(fake.mappings()).isEmpty();
        space.close();
        assertThat(memory.used()).isZero();
    }

    /** Allocations that take tables of their own at every level, and some that do not. */
    private static final long[] SIZES = {PAGE, 600 * PAGE, 48L << 20};

    @Test
    void aLinkThatFailsAmidAnAllocationLeavesNothingBehind() {
        for (long size : SIZES) {
            eachFailure(() -> {}, () -> space.allocateDevice(size, Access.READ_WRITE));
        }
        eachFailure(() -> {}, () -> space.allocatePinned(600 * PAGE, Access.READ_WRITE));
    }

    @Test
    void aLinkThatFailsAmidFreeingFreesAllTheSame() {
        for (long size : SIZES) {
            long[] address = new long[1];
            eachFailure(() -> address[0] = space.allocateDevice(size, Access.READ_WRITE), () -> space.free(address[0]));
        }
        long[] address = new long[1];
        eachFailure(() -> address[0] = space.allocatePinned(600 * PAGE, Access.READ_WRITE).address(), () -> space.free(address[0]));
    }

    /** The link fails from an access of {@code action} on, until it makes no more: the first eight, then ever fewer; nothing that it should give back is left. */
    private void eachFailure(Runnable before, Runnable action) {
        boolean failed = true;
        for (int sound = 0; failed; sound += 1 + sound / 8) {
            before.run();
            window.clear();
            failing = sound;
            failed = catchThrowable(action::run) instanceof LinkException;
            failing = Integer.MAX_VALUE;
            if (failed) {
                assertThat(fake.mappings()).as("mappings after %d accesses", sound).isEmpty();
                assertThat(space.count()).isZero();
            } else {
                assertThat(sound).as("accesses").isPositive();
            }
            space.close();
            assertThat(memory.used()).as("device memory after %d accesses", sound).isZero();
            open();
        }
    }

    @Test
    void anAddressThatWasFreedIsNotUsedAgainSoon() {
        long address = space.allocateDevice(PAGE, Access.READ_WRITE);
        space.free(address);
        for (int i = 0; i < 1000; i++) {
            long next = space.allocateDevice(PAGE, Access.READ_WRITE);
            assertThat(next).isNotEqualTo(address);
            space.free(next);
        }
        assertThat(space.count()).isZero();
        assertThat(space.bytes()).isZero();
    }

    @Test
    void aMillionPagesInOneMapAreWrittenTableByTable() {
        window.clear();
        long address = space.allocateDevice(48L << 20, Access.READ_WRITE);
        assertThat(address % (2L << 20)).isZero();
        assertThat(window.stream().filter("write"::equals).count()).as("48 MiB by pages of 2 MiB: new tables and one link")
                .isLessThan(3 * 512);
        window.clear();
        space.free(address);
        assertThat(window.stream().filter("write"::equals).count()).as("the tables are unlinked, not cleared").isLessThanOrEqualTo(2);
    }
}
