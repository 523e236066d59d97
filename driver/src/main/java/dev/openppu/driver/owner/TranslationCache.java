package dev.openppu.driver.owner;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.driver.sync.LinkLock;

/** The MMU's cached translations: drops them by the protocol of the device's programming guide, section 6. Thread-safe. */
public final class TranslationCache {
    /** Up to here page by page, above by context. */
    private static final int MOST_PAGES = 8;

    private final DeviceAccess device;
    private final MmuRegs registers;
    private final DeviceMemoryPort port;
    private final LinkLock lock;
    private final long timeoutNanos;
    private int begun;

    public TranslationCache(DeviceAccess device, DeviceMemoryPort port, long timeoutNanos) {
        this.device = device;
        this.registers = device.registers().mmu();
        this.port = port;
        this.lock = new LinkLock(device.runtime());
        this.timeoutNanos = timeoutNanos;
        this.begun = registers.readInvalidateDone();
    }

    /** When it returns, no engine uses a translation of the range that is older than this call. */
    public void invalidate(int context, long virtual, long bytes) {
        lock.lock();
        try {
            port.flush(); // the changed entries arrive before the invalidation begins
            if (bytes <= (long) MOST_PAGES * PageTableEntry.TABLE_BYTES) {
                for (long at = virtual; at < virtual + bytes; at += PageTableEntry.TABLE_BYTES) {
                    registers.writeInvalidateAddress(at);
                    start(context, MmuScope.PAGE);
                }
            } else {
                start(context, MmuScope.CONTEXT);
            }
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #invalidate(int, long, long)}, for everything of a context. */
    public void invalidate(int context) {
        lock.lock();
        try {
            port.flush();
            start(context, MmuScope.CONTEXT);
        } finally {
            lock.unlock();
        }
    }

    private void start(int context, MmuScope scope) {
        registers.writeInvalidate(
                MmuRegs.Invalidate.withStart(MmuRegs.Invalidate.withScope(MmuRegs.Invalidate.withContext(0, context), scope), true));
        begun++;
        int expected = begun;
        if (!device.poll(() -> device.counted(registers.readInvalidateDone()) - expected >= 0, device.runtime().deadline(timeoutNanos))) {
            throw device.timeout("MMU", "an invalidation of context " + context + " did not end");
        }
    }
}
