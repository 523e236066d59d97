package dev.openppu.harness.bench;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.MmuContextRegs;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.owner.DeviceMemoryPort;
import dev.openppu.harness.CheckFailedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * An address space whose page tables a case writes itself, entry by entry, wrong ones too. Pages of 4 KiB. For one thread.
 */
public final class RawSpace {
    private static final long INVALIDATE_NANOS = 1_000_000_000L;

    private final PpuBar0Regs registers;
    private final Function function;
    private final DeviceMemoryPort memory;
    private final int context;
    private final DeviceArea area;
    private final long root;
    /** Tables by the virtual address range that they cover and their level. */
    private final Map<String, Long> tables = new HashMap<>();

    RawSpace(BareDevice device, Function function, int context, DeviceArea area) {
        this.registers = device.registers();
        this.function = function;
        this.memory = device.memory();
        this.context = context;
        this.area = area;
        this.root = newTable();
        registers.context(context).writeRoot(MmuContextRegs.Root.withTable(MmuContextRegs.Root.withValid(0, true), root >>> 12));
    }

    /** Number in the device. */
    public int context() {
        return context;
    }

    /** Maps pages to device memory, or to IOVAs with {@link PageTableEntry#SYSTEM}. */
    public void map(long virtual, long target, long bytes, long flags) {
        for (long done = 0; done < bytes; done += PageTableEntry.TABLE_BYTES) {
            entry(virtual + done, 0, PageTableEntry.leaf(0, target + done, flags));
        }
        memory.flush();
    }

    /** Maps fresh device memory and tells where it is. */
    public long mapDevice(long virtual, long bytes) {
        long target = area.take(bytes);
        map(virtual, target, bytes, PageTableEntry.READ | PageTableEntry.WRITE);
        return target;
    }

    /** Writes any word as the entry of a level that covers the address; tables above it are made. */
    public void entry(long virtual, int level, long word) {
        long table = root;
        for (int l = PageTableEntry.ROOT_LEVEL; l > level; l--) {
            long parent = table;
            int at = l;
            table = tables.computeIfAbsent(l + "/" + (virtual >>> 12 + 9 * l), _ -> {
                long made = newTable();
                write(parent + 8L * PageTableEntry.index(virtual, at), PageTableEntry.table(made));
                return made;
            });
        }
        write(table + 8L * PageTableEntry.index(virtual, level), word);
    }

    /** Makes the device forget what it knows of this space, and waits for it. */
    public void invalidate() {
        invalidate(MmuScope.CONTEXT, 0);
    }

    /**
     * Makes the device forget what it knows, and waits for it.
     *
     * @param virtual the address whose page is meant, where {@code scope} is one
     */
    public void invalidate(MmuScope scope, long virtual) {
        memory.flush();
        MmuRegs mmu = registers.mmu();
        int before = mmu.readInvalidateDone();
        mmu.writeInvalidateAddress(virtual);
        int command = MmuRegs.Invalidate.withStart(MmuRegs.Invalidate.withScope(MmuRegs.Invalidate.withContext(0, context), scope), true);
        mmu.writeInvalidate(command);
        if (!function.poll(() -> mmu.readInvalidateDone() != before, INVALIDATE_NANOS)) {
            throw new CheckFailedException("mmu.invalidate_done counts within 1 s", "it does not");
        }
    }

    /** Device memory as the host reads it through BAR2: another way than the engines'. */
    public byte[] peek(long address, int bytes) {
        byte[] content = new byte[bytes];
        memory.read(address, MemorySegment.ofArray(content));
        return content;
    }

    /** Writes device memory through BAR2. */
    public void poke(long address, byte[] content) {
        memory.write(address, MemorySegment.ofArray(content));
        memory.flush();
    }

    /** Takes the root away. */
    public void close() {
        registers.context(context).writeRoot(0);
        invalidate();
    }

    private long newTable() {
        long table = area.take(PageTableEntry.TABLE_BYTES);
        memory.write(table, MemorySegment.ofArray(new byte[PageTableEntry.TABLE_BYTES]));
        return table;
    }

    private void write(long address, long word) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[Long.BYTES]);
        bytes.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN), 0, word);
        memory.write(address, bytes);
    }
}
