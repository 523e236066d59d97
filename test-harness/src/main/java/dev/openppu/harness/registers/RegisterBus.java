package dev.openppu.harness.registers;

import dev.openppu.hal.ResetKind;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.UnobservableException;
import dev.openppu.harness.bench.Bench;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Software's accesses to the map, each predicted and each read compared with the prediction. What hardware moves by itself is found out and left out.
 * For one case on one thread.
 */
final class RegisterBus {
    private static final int LOOKS = 2;

    private final Bench bench;
    private final TestedMap map;
    /** Fields that changed between two reads with nothing in between. */
    private final Set<FieldState> moving = new HashSet<>();
    private boolean poweredOn;

    RegisterBus(Bench bench, TestedMap map) {
        this.bench = bench;
        this.map = map;
        bench.closePpu();
        bench.function().enable();
        map.registers().forEach(register -> register.fields().forEach(field -> field.state().forget()));
    }

    // ---- resets

    /** Resets as thoroughly as the link can and predicts the reset values. */
    void reset() {
        ResetKind kind;
        try {
            kind = bench.function().resetThoroughly();
        } catch (dev.openppu.harness.SkippedException e) {
            throw new UnobservableException(String.valueOf(e.getMessage()));
        }
        poweredOn = kind == ResetKind.COLD;
        map.registers().forEach(register -> register.fields().forEach(field -> field.state().forget()));
        map.registers().stream().filter(r -> r.sharedWith() == null).forEach(r -> r.fields().forEach(field -> field.reset(poweredOn)));
        bench.distrust();
    }

    // ---- plain accesses

    BigInteger readRaw(TestedRegister register) {
        return register.read(bench.mmio(register.bar()));
    }

    /** Whether a read at its address is a read of it, and not of a readable register that stands there, too. */
    boolean answersReads(TestedRegister register) {
        return map.halves().readers(register).isEmpty();
    }

    /** Those whose answer a read of {@code register} is: itself, or what stands at its address for reads and may be touched. */
    private List<TestedRegister> readers(TestedRegister register) {
        return answersReads(register) ? List.of(register) : map.halves().readers(register).stream().filter(r -> !r.untouched()).toList();
    }

    /** Reads without comparing, so that what follows can be predicted; reads of a register that others lock go along. */
    void learn(TestedRegister register) {
        readers(register).forEach(this::learnOwn);
    }

    private void learnOwn(TestedRegister register) {
        BigInteger first = readRaw(register);
        take(register, first);
        for (int i = 1; i < LOOKS && !register.readHasEffect(); i++) {
            BigInteger again = readRaw(register);
            BigInteger changed = again.xor(first);
            register.fields().stream().filter(f -> f.field().hw().canWrite() && changed.and(f.field().mask()).signum() != 0)
                    .forEach(f -> moving.add(f.state()));
            take(register, again);
        }
        locks(register);
    }

    private void locks(TestedRegister register) {
        for (TestedField field : register.fields()) {
            TestedField.Lock lock = field.lock();
            if (lock != null && !lock.field().known.testBit(0)) {
                register(lock.path().substring(0, lock.path().lastIndexOf('.')), register.bar()).filter(r -> r.register().isReadable())
                        .ifPresent(r -> take(r, readRaw(r)));
            }
        }
    }

    Optional<TestedRegister> register(String path, int bar) {
        return map.registers().stream().filter(r -> r.bar() == bar && r.path().equals(path)).findFirst();
    }

    private static void take(TestedRegister register, BigInteger seen) {
        register.fields().forEach(field -> field.read(field.field().extract(seen)));
    }

    // ---- predicted accesses

    /** Writes and predicts what the write does. Bits that must not be written carry what changes nothing. Where a write is another register's, none is made. */
    void write(TestedRegister register, BigInteger wanted) {
        if (!map.halves().writers(register).isEmpty()) {
            return;
        }
        BigInteger data = harmless(register, wanted);
        register.write(bench.mmio(register.bar()), data);
        register.fieldsByAccess().forEach(fields -> predict(fields, data));
    }

    /** What an access writes: whether a field takes it is decided by what stood before, its own register's key included. */
    private static void predict(List<TestedField> fields, BigInteger data) {
        List<TestedField.Door> doors = fields.stream().map(TestedField::door).toList();
        for (int i = 0; i < fields.size(); i++) {
            fields.get(i).write(fields.get(i).field().extract(data), doors.get(i));
        }
    }

    private static BigInteger harmless(TestedRegister register, BigInteger wanted) {
        BigInteger data = wanted.and(register.ones());
        for (TestedField field : register.fields()) {
            if (field.field().sw().canWrite() && !field.writable()) {
                data = data.andNot(field.field().mask()).or(field.neutral().shiftLeft(field.field().low()));
            }
        }
        return data;
    }

    /** Reads and compares with the prediction. */
    void check(TestedRegister register, String when) {
        readers(register).forEach(reader -> checkOwn(reader, when));
    }

    private void checkOwn(TestedRegister register, String when) {
        BigInteger seen = readRaw(register);
        compare(register, seen, when);
        take(register, seen);
    }

    /** Compares what was seen with what is predicted. */
    void compare(TestedRegister register, BigInteger seen, String when) {
        for (TestedField field : register.fields()) {
            if (moving.contains(field.state())) {
                continue;
            }
            BigInteger shown = field.field().extract(seen);
            BigInteger wrong = shown.xor(field.shown()).and(field.certain());
            if (wrong.signum() != 0) {
                String hint = field.field().hw().canWrite() ? "; hardware may write it: if it does, exclude it" : "";
                String bits = field.certain().equals(field.ones()) ? "" : " in bits 0x" + field.certain().toString(16);
                throw new CheckFailedException("%s %s = 0x%x%s".formatted(field.path(), when, field.shown().and(field.certain()), bits),
                        "0x%x (register %s: 0x%x%s)".formatted(shown.and(field.certain()), register.path(), seen, hint));
            }
        }
        BigInteger reserved = register.reserved();
        BigInteger expected = register.reservedOnes() ? reserved : BigInteger.ZERO;
        if (register.fields().stream().allMatch(TestedField::compared) && !seen.and(reserved).equals(expected)) {
            throw new CheckFailedException("%s %s: the bits of no field (0x%x) read %s".formatted(register.path(), when, reserved,
                    register.reservedOnes() ? "1" : "0"), "0x%x".formatted(seen.and(reserved)));
        }
    }

    /** The register's value as predicted, unknown bits 0. */
    BigInteger predicted(TestedRegister register) {
        return register.fields().stream().map(f -> f.state().value.and(f.state().known).shiftLeft(f.field().low()))
                .reduce(BigInteger.ZERO, BigInteger::or);
    }

    /** Writes back what {@code before} holds, where it can be. */
    void restore(TestedRegister register, BigInteger before) {
        write(register, before);
    }

    /** Fields that hardware moved while the case looked. */
    List<String> moved(List<TestedRegister> registers) {
        return registers.stream().flatMap(r -> r.fields().stream()).filter(f -> moving.contains(f.state())).map(TestedField::path).toList();
    }
}
