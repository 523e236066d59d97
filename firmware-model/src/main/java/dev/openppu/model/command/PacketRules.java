package dev.openppu.model.command;

import dev.openppu.abi.code.KernelDescriptor;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.KernelDispatchPacket;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.VendorPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.model.reg.IdRegs;
import java.lang.foreign.MemorySegment;

/** What a well-formed packet is ({@code docs/device.md}, section 5), as far as the packet alone can tell. */
final class PacketRules {
    private static final int MOST_BLOCK_X = 1024;
    private static final int MOST_BLOCK_Y = 1024;
    private static final int MOST_BLOCK_Z = 128;
    private static final int MOST_THREADS = 1024;
    private static final int MOST_SHARED = 256 << 10;
    private static final int MOST_DIMENSIONS = 3;

    private final boolean copies;
    private final boolean kernels;

    /** @param capabilities as in {@code id.capabilities}: work for engines that the device lacks is refused */
    PacketRules(int capabilities) {
        copies = IdRegs.Capabilities.copy(capabilities);
        kernels = IdRegs.Capabilities.compute(capabilities);
    }

    boolean hold(Packet packet) {
        int header = packet.header();
        MemorySegment bytes = packet.bytes();
        return AqlHeader.wellFormed(header) && aligned(packet.completionSignal(), Long.BYTES) && switch (AqlHeader.type(header)) {
            case AqlHeader.TYPE_KERNEL_DISPATCH -> kernels && dispatch(header, bytes);
            case AqlHeader.TYPE_BARRIER_AND, AqlHeader.TYPE_BARRIER_OR -> barrier(header, bytes);
            case AqlHeader.TYPE_VENDOR -> vendor(VendorPacket.format(header), bytes);
            default -> false;
        };
    }

    private boolean vendor(int format, MemorySegment bytes) {
        return switch (format) {
            case VendorPacket.FORMAT_COPY -> copies && copy(bytes);
            case VendorPacket.FORMAT_FILL -> copies && fill(bytes);
            case VendorPacket.FORMAT_WAIT_VALUE ->
                WaitValuePacket.reservedClear(bytes, 0) && WaitValuePacket.defined(WaitValuePacket.control(bytes, 0))
                        && aligned(WaitValuePacket.address(bytes, 0), width(WaitValuePacket.control(bytes, 0)));
            case VendorPacket.FORMAT_WRITE_VALUE -> WriteValuePacket.reservedClear(bytes, 0)
                    && (WriteValuePacket.control(bytes, 0) & ~WriteValuePacket.FLAG_64_BIT) == 0
                    && aligned(WriteValuePacket.address(bytes, 0), width(WriteValuePacket.control(bytes, 0)));
            case VendorPacket.FORMAT_TIMESTAMP ->
                TimestampPacket.reservedClear(bytes, 0) && aligned(TimestampPacket.address(bytes, 0), Long.BYTES);
            default -> false;
        };
    }

    /** Bytes of the value that a control word of WAIT_VALUE or WRITE_VALUE speaks of. */
    static int width(int control) {
        return (control & WaitValuePacket.FLAG_64_BIT) != 0 ? Long.BYTES : Integer.BYTES;
    }

    private static boolean dispatch(int header, MemorySegment bytes) {
        int dimensions = KernelDispatchPacket.dimensions(header);
        long blockX = KernelDispatchPacket.blockX(bytes, 0);
        long blockY = KernelDispatchPacket.blockY(bytes, 0);
        long blockZ = KernelDispatchPacket.blockZ(bytes, 0);
        boolean extents = within(blockX, MOST_BLOCK_X) && within(blockY, MOST_BLOCK_Y) && within(blockZ, MOST_BLOCK_Z)
                && blockX * blockY * blockZ <= MOST_THREADS && KernelDispatchPacket.gridX(bytes, 0) > 0
                && KernelDispatchPacket.gridY(bytes, 0) > 0
                && KernelDispatchPacket.gridZ(bytes, 0) > 0;
        boolean unused = (dimensions >= 2 || blockY == 1 && KernelDispatchPacket.gridY(bytes, 0) == 1)
                && (dimensions == MOST_DIMENSIONS || blockZ == 1 && KernelDispatchPacket.gridZ(bytes, 0) == 1);
        return within(dimensions, MOST_DIMENSIONS) && extents && unused && KernelDispatchPacket.reservedClear(bytes, 0)
                && Integer.compareUnsigned(KernelDispatchPacket.sharedBytes(bytes, 0), MOST_SHARED) <= 0
                && aligned(KernelDispatchPacket.kernel(bytes, 0), KernelDescriptor.ALIGNMENT);
    }

    private static boolean barrier(int header, MemorySegment bytes) {
        boolean signals = AqlHeader.setup(header) == 0 && BarrierPacket.reservedClear(bytes, 0);
        for (int i = 0; i < BarrierPacket.DEPENDENCIES; i++) {
            signals &= aligned(BarrierPacket.dependency(bytes, 0, i), Long.BYTES);
        }
        return signals;
    }

    private static boolean copy(MemorySegment bytes) {
        int flags = CopyPacket.flags(bytes, 0);
        long length = CopyPacket.length(bytes, 0);
        boolean list = (flags & CopyPacket.FLAG_SCATTER_GATHER) != 0;
        boolean sized = list
                ? within(length, CopyPacket.MAXIMUM_ENTRIES) && CopyPacket.destination(bytes, 0) == 0
                        && aligned(CopyPacket.source(bytes, 0), Long.BYTES)
                : length >= 0;
        return sized && (flags & ~CopyPacket.FLAG_SCATTER_GATHER) == 0 && CopyPacket.reservedClear(bytes, 0);
    }

    private static boolean fill(MemorySegment bytes) {
        int element = FillPacket.elementBytes(bytes, 0);
        long elements = FillPacket.elements(bytes, 0);
        return (element == 1 || element == 2 || element == 4) && elements >= 0 && elements <= Long.MAX_VALUE / element
                && aligned(FillPacket.destination(bytes, 0), element) && FillPacket.reservedClear(bytes, 0);
    }

    private static boolean within(long value, long most) {
        return value >= 1 && value <= most;
    }

    private static boolean aligned(long address, int to) {
        return (address & to - 1) == 0;
    }
}
