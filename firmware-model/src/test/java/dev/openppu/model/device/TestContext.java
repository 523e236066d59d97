package dev.openppu.model.device;

import dev.openppu.abi.reg.MmuContextRegs;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.abi.reg.MmuScope;
import java.lang.foreign.MemorySegment;

/** A context with 64 MiB of device memory, 16 MiB of host memory, and signals. */
final class TestContext {
    static final long DEVICE_VA = 0x1_0000_0000L;
    static final long HOST_VA = 0x2_0000_0000L;
    static final long DEVICE_BYTES = 64L << 20;
    static final long HOST_BYTES = 16L << 20;

    final Bench bench;
    final int number;
    final AddressSpaceBuilder tables;
    /** Where {@link #DEVICE_VA} is in device memory. */
    final long devicePa;
    /** What {@link #HOST_VA} shows. */
    final MemorySegment host;
    final long hostIova;

    TestContext(Bench bench, int number) {
        this.bench = bench;
        this.number = number;
        this.devicePa = 0x1_0000_0000L * (number + 1);
        this.hostIova = 0x10_0000_0000L * (number + 1);
        this.host = bench.host.map(hostIova, HOST_BYTES);
        this.tables = new AddressSpaceBuilder(bench.bar2, 0x40_0000L + number * 0x10_0000L);
        for (long at = 0; at < DEVICE_BYTES; at += 2 << 20) {
            tables.device(1, DEVICE_VA + at, devicePa + at, AddressSpaceBuilder.RWX);
        }
        for (long at = 0; at < HOST_BYTES; at += 4096) {
            tables.system(0, HOST_VA + at, hostIova + at, AddressSpaceBuilder.RW);
        }
        enable();
    }

    void enable() {
        bench.regs.context(number).writeRoot(MmuContextRegs.Root.withValid(tables.root(), true));
    }

    void invalidate(MmuScope scope, long address) {
        int before = bench.regs.mmu().readInvalidateDone();
        bench.regs.mmu().writeInvalidateAddress(address);
        int command = MmuRegs.Invalidate.withScope(MmuRegs.Invalidate.withContext(0, number), scope.value());
        bench.regs.mmu().writeInvalidate(MmuRegs.Invalidate.withStart(command, true));
        bench.await("invalidation", () -> bench.regs.mmu().readInvalidateDone() == before + 1);
    }

    TestQueue queue(int number) {
        return new TestQueue(this, number, 6);
    }
}
