package dev.openppu.harness.bringup;

import dev.openppu.harness.Check;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MappedRegister;
import dev.openppu.rdl.model.Field;
import java.util.List;

/** Whether registers read as a reset leaves them. */
final class ResetValues {
    /** Named by the fields of ppu.rdl that no reset but a cold one clears, and by no others. */
    private static final String RESET_SIGNAL = "resetsignal";

    private ResetValues() {}

    /**
     * Reads the registers that this device has.
     *
     * @param poweredOn the reset was a cold one; a milder one leaves what only power clears as it was, which cannot be compared
     * @return how many were compared
     */
    static int compare(Bench bench, List<MappedRegister> registers, boolean poweredOn) {
        int compared = 0;
        for (MappedRegister register : registers) {
            long mask = register.mask(f -> f.sw().canRead() && f.reset() != null && !DrivenFields.driven(register, f)
                    && (poweredOn || !keptUntilPowerOn(f)));
            if (mask != 0 && Presence.present(bench, register)) {
                Check.hex(register.path(), register.reset() & mask, register.read(bench.mmio(register.bar())) & mask);
                compared++;
            }
        }
        return compared;
    }

    private static boolean keptUntilPowerOn(Field field) {
        return field.properties().reference(RESET_SIGNAL) != null;
    }
}
