package dev.openppu.harness.bringup;

import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.Check;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.MappedRegister;
import dev.openppu.rdl.model.Access;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnWrite;
import java.util.List;
import java.util.Set;

/** Writing registers without setting anything off. */
final class RegisterWrites {
    /** Registers and fields where a write has an effect beyond the stored value, or where hardware answers by itself. */
    private static final Set<String> EFFECTIVE = Set.of(
            "queue.control.enable", // starts a queue without a ring
            "fw.command_tail.count", // a doorbell
            "fw.ring_control.enable", // makes the firmware read rings that are not there
            "icn.control.enable" // trains a link
    );
    private static final long[] PATTERNS = {-1L, 0x5555_5555_5555_5555L, 0xaaaa_aaaa_aaaa_aaaaL, 0};

    private RegisterWrites() {}

    /** Bits that software can write and read back. */
    static long allowed(MappedRegister register) {
        String path = DrivenFields.withoutIndices(register.path());
        return register.mask(f -> f.sw() == Access.RW && f.onWrite() == OnWrite.NONE && !f.isSinglePulse()
                && !EFFECTIVE.contains(path + "." + f.name()));
    }

    /** Bits that a blind write may change; others are written as zero, which starts nothing. */
    static void writeRead(Mmio mmio, MappedRegister register) {
        long mask = allowed(register);
        long before = register.read(mmio) & mask;
        for (long pattern : PATTERNS) {
            register.write(mmio, pattern & mask);
            Check.hex("%s after writing 0x%x".formatted(register.path(), pattern & mask), pattern & mask, register.read(mmio) & mask);
        }
        register.write(mmio, before);
    }

    /** Writes the complement to the fields that are read-only, and nothing to their neighbours. */
    static void readOnlyFieldsIgnoreWrites(Bench bench, List<MappedRegister> registers) {
        for (MappedRegister register : registers) {
            long readOnly = register.mask(RegisterWrites::constantForSoftware);
            if (readOnly != 0 && !DrivenFields.moving(register)) {
                Mmio mmio = bench.mmio(register.bar());
                long before = register.read(mmio);
                register.write(mmio, before & ~readOnly & allowed(register) | ~before & readOnly);
                Check.hex(register.path() + " after writing the complement of its read-only fields", before & readOnly,
                        register.read(mmio) & readOnly);
            }
        }
    }

    private static boolean constantForSoftware(Field field) {
        return field.sw() == Access.R;
    }
}
