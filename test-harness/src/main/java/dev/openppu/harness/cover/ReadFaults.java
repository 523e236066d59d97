package dev.openppu.harness.cover;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.abi.reg.MmuRegs;
import dev.openppu.harness.bench.MappedRegister;
import dev.openppu.harness.bench.RegisterCensus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;

/** Page faults by their reasons, as a host reads them in the register that keeps the first; what nobody has read there was not seen. Thread-safe. */
final class ReadFaults implements AccessWatch {
    private static final long STATUS = RegisterCensus.ofPpu().of(PpuIds.BAR_REGISTERS, "mmu").stream()
            .filter(register -> register.path().endsWith(".fault_status")).mapToLong(MappedRegister::offset).findFirst().orElseThrow();

    private final AtomicLongArray reasons = new AtomicLongArray(MmuReason.values().length);
    private volatile long before;

    @Override
    public void read(long offset, int bytes, long value) {
        if (offset != STATUS || bytes != Integer.BYTES || AccessWatch.allOnes(bytes, value)) {
            return;
        }
        MmuReason reason = MmuReason.of(MmuRegs.FaultStatus.reason((int) value));
        if (value != before && MmuRegs.FaultStatus.valid((int) value) && reason != null) {
            reasons.incrementAndGet(reason.ordinal());
        }
        before = value;
    }

    @Override
    public void written(long offset, int bytes, long value) {
        if (offset == STATUS) {
            before = 0;
        }
    }

    /** How many of each reason; those that were not met are left out. */
    Map<String, Long> met() {
        Map<String, Long> met = new LinkedHashMap<>();
        Stream.of(MmuReason.values()).filter(reason -> reasons.get(reason.ordinal()) > 0)
                .forEach(reason -> met.put(Coverage.id(reason), reasons.get(reason.ordinal())));
        return met;
    }
}
