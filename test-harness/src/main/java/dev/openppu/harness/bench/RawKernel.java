package dev.openppu.harness.bench;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.KernelDispatchPacket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A kernel whose code, descriptor and arguments a case has put into device memory by hand.
 *
 * @param descriptor virtual address of its descriptor
 * @param parameters virtual address of its arguments
 */
public record RawKernel(long descriptor, long parameters) {
    private static final int PAGE = PageTableEntry.TABLE_BYTES;
    private static final int PARAMETERS = PAGE / 2;

    /**
     * Puts a kernel without constants into the workshop's space at {@link Workshop#DEVICE} plus {@code offset}.
     *
     * @param arguments one for each parameter, all of 64 bits
     */
    public static RawKernel place(Workshop shop, CodeObject code, String name, long offset, long... arguments) {
        KernelInfo kernel = Objects.requireNonNull(code.kernel(name), name);
        byte[] text = new byte[code.text().remaining()];
        code.text().get(text);
        long at = Workshop.DEVICE + offset;
        long textBytes = Math.ceilDiv(text.length, PAGE) * (long) PAGE;
        long textPlace = shop.device(offset, textBytes);
        shop.space().poke(textPlace, text);
        shop.space().map(at, textPlace, textBytes, PageTableEntry.READ | PageTableEntry.EXECUTE);
        ByteBuffer block = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        code.descriptor(kernel, at, 0).encode(block);
        for (int i = 0; i < arguments.length; i++) {
            block.putLong(PARAMETERS + kernel.parameters().get(i).offset(), arguments[i]);
        }
        shop.space().poke(shop.device(offset + textBytes, PAGE), block.array());
        return new RawKernel(at + textBytes, at + textBytes + PARAMETERS);
    }

    /** The word of a dispatch. */
    public static int word() {
        return KernelDispatchPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM, 1);
    }

    /** A dispatch of blocks of one thread each. */
    public RawQueue.Body dispatch(int blocks, long signal) {
        return (ring, at) -> {
            KernelDispatchPacket.encodeShape(ring, at, 1, 1, 1, blocks, 1, 1, 0);
            KernelDispatchPacket.encodeAddresses(ring, at, descriptor, parameters, signal);
        };
    }
}
