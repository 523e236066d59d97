package dev.openppu.driver.client;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.KernelDescriptor;
import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.MemoryGrant;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** A code object's bytes in device memory, in one allocation that engines may read and execute and nobody may write: text, constants, descriptors. */
public final class CodeImage {
    private final long address;
    private final int textBytes;
    private final long descriptors;

    private CodeImage(long address, int textBytes, long descriptors) {
        this.address = address;
        this.textBytes = textBytes;
        this.descriptors = descriptors;
    }

    /** Allocates and uploads. */
    public static CodeImage load(ContextLink link, CodeObject code) {
        int text = code.text().remaining();
        int constants = align(text, Instruction.BYTES);
        int descriptors = align(constants + code.constants().remaining(), KernelDescriptor.ALIGNMENT);
        int bytes = descriptors + code.kernels().size() * KernelDescriptor.BYTES;
        MemoryGrant grant = link.owner().allocateDevice(link.context(), bytes, Access.READ_EXECUTE);
        try {
            ByteBuffer image = ByteBuffer.allocate(bytes);
            image.put(0, code.text(), 0, text);
            image.put(constants, code.constants(), 0, code.constants().remaining());
            image.position(descriptors);
            code.kernels().forEach(kernel -> code.descriptor(kernel, grant.address(), grant.address() + constants).encode(image));
            link.owner().upload(link.context(), grant.address(), MemorySegment.ofArray(image.array()));
        } catch (RuntimeException e) {
            link.owner().free(link.context(), grant.address());
            throw e;
        }
        return new CodeImage(grant.address(), text, grant.address() + descriptors);
    }

    /** Virtual address of the allocation. */
    public long address() {
        return address;
    }

    /** Virtual address of the first instruction. */
    public long textAddress() {
        return address;
    }

    /** Virtual address of the descriptor of the object's kernel {@code index}. */
    public long descriptorAddress(int index) {
        return descriptors + (long) index * KernelDescriptor.BYTES;
    }

    /** Whether a virtual address is one of its instructions'. */
    public boolean contains(long pc) {
        return pc >= address && pc < address + textBytes;
    }

    private static int align(int bytes, int alignment) {
        return Math.ceilDiv(bytes, alignment) * alignment;
    }
}
