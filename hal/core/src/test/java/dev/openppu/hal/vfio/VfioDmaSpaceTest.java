package dev.openppu.hal.vfio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doNothing;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace.IovaRange;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.vfio.VfioAddressSpace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class VfioDmaSpaceTest {
    private final VfioAddressSpace kernel = mock(VfioAddressSpace.class);
    private final MemorySegment page = Arena.ofAuto().allocate(4096, 4096);

    private VfioDmaSpace space(IovaRange... ranges) {
        when(kernel.ranges()).thenReturn(List.of(ranges));
        when(kernel.mappingsLeft()).thenReturn(OptionalLong.of(0));
        return new VfioDmaSpace("vfio:x", kernel);
    }

    private void refuse(int errno) {
        PosixException refusal = mock(PosixException.class);
        when(refusal.errno()).thenReturn(errno);
        when(refusal.getMessage()).thenReturn("ioctl(IOMMU_MAP_DMA): refused");
        Mockito.doThrow(refusal).when(kernel).map(anyLong(), any(), anyBoolean(), anyBoolean());
    }

    @Test
    void rangesOfTheKernelAreUnsigned() {
        VfioDmaSpace space = space(new IovaRange(0, 0xfedf_ffffL), new IovaRange(0xfef0_0000L, -1), new IovaRange(-4096, -1));
        assertThat(space.ranges()).containsExactly(new IovaRange(0, 0xfedf_ffffL), new IovaRange(0xfef0_0000L, Long.MAX_VALUE));
    }

    @Test
    void outsideTheRangesNothingIsMapped() {
        VfioDmaSpace space = space(new IovaRange(0, 0xfedf_ffffL));
        assertThatThrownBy(() -> space.map(page, 0xfee0_0000L, DmaAccess.BOTH)).isInstanceOf(LinkException.class)
                .hasMessageContaining("outside");
        assertThatThrownBy(() -> space.map(page, DmaAccess.BOTH)).hasMessageContaining("outside what the IOMMU has");
        Mockito.verify(kernel, Mockito.never()).map(anyLong(), any(), anyBoolean(), anyBoolean());
    }

    @Test
    void rightsAreTheDevices() {
        VfioDmaSpace space = space(new IovaRange(0, 0xffff_ffffL));
        space.map(page, 0x1000, DmaAccess.DEVICE_READS);
        verify(kernel).map(0x1000, page, true, false);
        space.map(page, 0x2000, DmaAccess.DEVICE_WRITES);
        verify(kernel).map(0x2000, page, false, true);
    }

    @Test
    void overlapsAreRefusedBeforeTheKernelIsAsked() {
        VfioDmaSpace space = space(new IovaRange(0, 0xffff_ffffL));
        DmaMapping first = space.map(page, 0x1000, DmaAccess.BOTH);
        assertThatThrownBy(() -> space.map(page, 0x1000, DmaAccess.BOTH)).hasMessageContaining("overlaps");
        first.close();
        verify(kernel).unmap(0x1000, 4096);
        space.map(page, 0x1000, DmaAccess.BOTH);
    }

    @Test
    void theLimitOfLockedMemoryIsNamedWithWhatRaisesIt() {
        VfioDmaSpace space = space(new IovaRange(0, 0xffff_ffffL));
        refuse(12);
        assertThatThrownBy(() -> space.map(page, 0x1000, DmaAccess.BOTH)).isInstanceOf(LinkException.class)
                .hasMessageContaining("vfio:x").hasMessageContaining("ulimit -l").hasMessageContaining("memlock");
        doNothing().when(kernel).map(anyLong(), any(), anyBoolean(), anyBoolean());
        space.map(page, 0x1000, DmaAccess.BOTH); // the refused one left nothing behind
    }

    @Test
    void theLimitOfMappingsIsNamed() {
        VfioDmaSpace space = space(new IovaRange(0, 0xffff_ffffL));
        refuse(28);
        assertThatThrownBy(() -> space.map(page, 0x1000, DmaAccess.BOTH)).hasMessageContaining("0 left")
                .hasMessageContaining("dma_entry_limit");
    }

    @Test
    void aRangeThatCannotBeUnmappedStaysTaken() {
        VfioDmaSpace space = space(new IovaRange(0, 0xffff_ffffL));
        DmaMapping mapping = space.map(page, 0x1000, DmaAccess.BOTH);
        PosixException refusal = mock(PosixException.class);
        Mockito.doThrow(refusal).when(kernel).unmap(anyLong(), anyLong());
        assertThatThrownBy(mapping::close).isInstanceOf(LinkException.class).hasMessageContaining("cannot unmap");
        assertThatThrownBy(() -> space.map(page, 0x1000, DmaAccess.BOTH)).hasMessageContaining("overlaps");
    }
}
