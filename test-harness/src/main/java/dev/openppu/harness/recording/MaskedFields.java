package dev.openppu.harness.recording;

import dev.openppu.harness.bench.MappedRegister;
import dev.openppu.harness.bringup.DrivenFields;
import dev.openppu.rdl.model.Field;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Fields that may differ between two devices, or two runs of one: counters, times, measurements, what tells one device from another. And those of the others that a device changes by itself, which are given
 * time to become what they were.
 */
final class MaskedFields {
    private MaskedFields() {}

    /** Why a field is not compared; empty if it is. */
    static Optional<String> reason(MappedRegister register, Field field) {
        if (field.isCounter()) {
            return Optional.of("counts");
        }
        return field.hw().canWrite() ? DrivenFields.apart(register) : Optional.empty();
    }

    /** Bits that are compared. */
    static BigInteger compared(MappedRegister register) {
        return register.register().fields().stream().filter(field -> reason(register, field).isEmpty()).map(Field::mask)
                .reduce(BigInteger.ZERO, BigInteger::or);
    }

    /** Bits that the device changes by itself. */
    static BigInteger volatileBits(MappedRegister register) {
        return register.register().fields().stream().filter(field -> field.hw().canWrite() || field.isSinglePulse()).map(Field::mask)
                .reduce(BigInteger.ZERO, BigInteger::or);
    }
}
