package dev.openppu.model.dispatch;

import dev.openppu.abi.error.FaultMapping;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.model.compute.AccessFault;
import dev.openppu.model.compute.ComputeMemory;
import dev.openppu.model.compute.Span;
import dev.openppu.model.memory.ErrorCorrection;
import dev.openppu.model.memory.Mmu;
import dev.openppu.model.memory.SparseMemory;
import dev.openppu.model.memory.Tlb;
import dev.openppu.model.memory.Translation;
import dev.openppu.model.pcie.Completion;
import dev.openppu.model.pcie.DmaResult;
import dev.openppu.model.pcie.HostPort;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One context's memory as the compute units see it, with the root that the context had when the kernel began. Used by several threads at once, outside the
 * device's exclusion.
 */
final class KernelMemory implements ComputeMemory {
    /** A span for stores is at most this long, because all of it is noted as written. */
    private static final long STORE_SPAN = 2L << 20;
    /** The widest access of a lane is shorter. */
    private static final long GRAIN = 64;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Mmu mmu;
    private final Tlb tlb;
    private final SparseMemory memory;
    private final HostPort host;
    private final int context;
    private final long root;

    KernelMemory(Mmu mmu, Tlb tlb, SparseMemory memory, HostPort host, int context) {
        this.mmu = mmu;
        this.tlb = tlb;
        this.memory = memory;
        this.host = host;
        this.context = context;
        this.root = mmu.root(context);
    }

    @Override
    public Span resolve(long address, Access access) throws AccessFault {
        Translation translation = translate(address, access);
        long page = translation.pageBytes();
        if (translation.system()) {
            return new Span(address & -page, page, null);
        }
        boolean writes = access == Access.STORE || access == Access.ATOMIC;
        long length = writes ? Math.min(page, STORE_SPAN) : page;
        long start = address & -length;
        if (memory.correction().watching()) {
            return around(translation, address, start, length, access);
        }
        long physical = translation.address() - (address - start);
        return span(start, physical, length, writes);
    }

    /**
     * Somewhere in the memory a word is wrong: a span ends before the next {@link #GRAIN} that has one, and such a grain is reached one access at a time.
     */
    private Span around(Translation translation, long address, long start, long length, Access access) throws AccessFault {
        ErrorCorrection correction = memory.correction();
        long pa = translation.address();
        long first = pa - (address - start);
        long grain = pa & -GRAIN;
        if (access == Access.ATOMIC) {
            readable(pa, Long.BYTES, address, access);
        } else if (access == Access.FETCH) {
            readable(grain, (int) GRAIN, address, access);
        }
        if (correction.wrongWithin(grain, GRAIN)) {
            long word = pa & -ErrorCorrection.WORD;
            return access == Access.ATOMIC
                    ? span(word - pa + address, word, ErrorCorrection.WORD, true)
                    : new Span(grain - pa + address, GRAIN, null);
        }
        long from = correction.wrongBelow(grain, first) < 0 ? first : (correction.wrongBelow(grain, first) & -GRAIN) + GRAIN;
        long to = Math.max(grain + GRAIN, correction.wrongFrom(grain, first + length) & -GRAIN);
        return span(from - pa + address, from, to - from, access == Access.STORE || access == Access.ATOMIC);
    }

    private Span span(long start, long physical, long length, boolean writes) {
        if (writes) {
            memory.markWritten(physical, length);
        }
        return new Span(start, length, memory.segment().asSlice(physical, length));
    }

    private void readable(long physical, int bytes, long address, Access access) throws AccessFault {
        if (memory.correction().check(physical, bytes) >= 0) {
            throw new AccessFault(access == Access.FETCH ? FaultMapping.KERNEL_FETCH_ECC : FaultMapping.KERNEL_ECC, address, access);
        }
    }

    @Override
    public long epoch() {
        return mmu.epoch();
    }

    @Override
    public long load(long address, int bytes) throws AccessFault {
        Translation translation = translate(address, Access.LOAD);
        if (!translation.system()) {
            readable(translation.address(), bytes, address, Access.LOAD);
            return memory.load(translation.address(), bytes);
        }
        Completion completion = new Completion();
        DmaResult result = switch (bytes) {
            case Long.BYTES -> host.read64(translation.address(), completion);
            case Integer.BYTES -> host.read32(translation.address(), completion);
            default -> readSmall(translation.address(), bytes, completion);
        };
        if (!result.ok()) {
            throw new AccessFault(FaultMapping.KERNEL_HOST_REFUSED, address, Access.LOAD);
        }
        return completion.value;
    }

    @Override
    public void store(long address, int bytes, long value) throws AccessFault {
        Translation translation = translate(address, Access.STORE);
        if (!translation.system()) {
            memory.store(translation.address(), bytes, value);
            return;
        }
        DmaResult result = switch (bytes) {
            case Long.BYTES -> host.write64(translation.address(), value);
            case Integer.BYTES -> host.write32(translation.address(), (int) value);
            default -> host.write(translation.address(), small(value).asSlice(0, bytes));
        };
        if (!result.ok()) {
            throw new AccessFault(FaultMapping.KERNEL_HOST_REFUSED, address, Access.STORE);
        }
    }

    private DmaResult readSmall(long iova, int bytes, Completion completion) {
        MemorySegment word = small(0);
        DmaResult result = host.read(iova, word.asSlice(0, bytes));
        completion.value = word.get(U16, 0) & (bytes == 1 ? 0xffL : 0xffffL);
        return result;
    }

    private static MemorySegment small(long value) {
        MemorySegment word = MemorySegment.ofArray(new short[1]);
        word.set(U16, 0, (short) value);
        return word;
    }

    private Translation translate(long address, Access access) throws AccessFault {
        Translation translation = new Translation();
        mmu.translate(tlb, root, context, address, hardware(access), translation);
        if (!translation.ok()) {
            throw new AccessFault(KernelFaults.cause(translation), address, access);
        }
        return translation;
    }

    static MmuAccess hardware(Access access) {
        return switch (access) {
            case LOAD -> MmuAccess.READ;
            case STORE -> MmuAccess.WRITE;
            case ATOMIC -> MmuAccess.ATOMIC;
            case FETCH -> MmuAccess.EXECUTE;
        };
    }
}
