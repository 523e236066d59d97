package dev.openppu.model.device;

import dev.openppu.abi.PpuIds;
import dev.openppu.model.pcie.FunctionIdentity;
import dev.openppu.model.pcie.FunctionIdentity.BarLayout;
import dev.openppu.model.pcie.FunctionIdentity.Msix;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.reg.IdRegs;
import dev.openppu.model.reg.PpuBar4Regs;
import dev.openppu.model.registers.Presence;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a device of a profile says of itself, in config space and in {@code id}. */
final class Identity {
    static final long REGISTER_BYTES = 1L << 20;
    static final long DOORBELL_BYTES = 1L << 20;
    /** BAR2 after a reset. */
    static final long WINDOW_BYTES = 256L << 20;

    private static final int VIRTUAL_ADDRESS_BITS = 48;

    private final DeviceProfile profile;
    private final long serial;

    Identity(DeviceProfile profile, long serial) {
        this.profile = profile;
        this.serial = serial;
    }

    FunctionIdentity function() {
        long wholeMemory = Math.max(WINDOW_BYTES, Long.highestOneBit(profile.memoryBytes() - 1) << 1);
        List<BarLayout> bars = List.of(
                new BarLayout(PpuIds.BAR_REGISTERS, REGISTER_BYTES, REGISTER_BYTES, false, false),
                new BarLayout(PpuIds.BAR_MEMORY_WINDOW, WINDOW_BYTES, wholeMemory, true, true),
                new BarLayout(PpuIds.BAR_DOORBELLS, DOORBELL_BYTES, DOORBELL_BYTES, true, false));
        Msix msix = new Msix(profile.vectors(), PpuIds.BAR_DOORBELLS, (int) PpuBar4Regs.VECTOR_OFFSET, PpuIds.BAR_DOORBELLS,
                (int) PpuBar4Regs.PENDING_OFFSET);
        return new FunctionIdentity(PpuIds.VENDOR, profile.deviceId(), PpuIds.REVISION, PpuIds.CLASS_CODE, PpuIds.SUBSYSTEM_VENDOR,
                PpuIds.SUBSYSTEM_DEVICE, serial, bars, msix, PpuIds.CAPABILITY_TYPE,
                List.of(PpuIds.MAGIC, PpuIds.ABI_VERSION, profile.number()));
    }

    /** Drives the registers of {@code id}. */
    void drive(IdRegs registers, Presence presence) {
        registers.writeCapabilities(presence.capabilities());
        int counts = IdRegs.Counts.withQueues(0, profile.queues());
        counts = IdRegs.Counts.withCopyEngines(counts, profile.copyEngines());
        counts = IdRegs.Counts.withIcnLinks(counts, profile.icnLinks());
        registers.writeCounts(IdRegs.Counts.withVectors(counts, profile.vectors()));
        registers.writeComputeCounts(
                IdRegs.ComputeCounts.withEngines(IdRegs.ComputeCounts.withUnits(0, profile.computeUnits()), profile.computeEngines()));
        registers.writeMmuCounts(IdRegs.MmuCounts.withVaBits(IdRegs.MmuCounts.withContexts(0, profile.contexts()), VIRTUAL_ADDRESS_BITS));
        registers.writeSerial(serial);
        byte[] product = profile.product().getBytes(StandardCharsets.US_ASCII);
        for (int word = 0; word < IdRegs.PRODUCT_COUNT; word++) {
            int chars = 0;
            for (int i = 0; i < Integer.BYTES; i++) {
                int at = word * Integer.BYTES + i;
                chars |= (at < product.length ? product[at] & 0xff : 0) << i * Byte.SIZE;
            }
            registers.writeProduct(word, chars);
        }
    }
}
