package dev.openppu.harness.registers;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The sequences on one register and on many. Stateless. */
final class Probes {
    private static final BigInteger ODD = pattern("55");
    private static final BigInteger EVEN = pattern("aa");
    private static final int WIDEST_BYTES = 512;
    private static final int ROUNDS = 16;

    private Probes() {}

    private static BigInteger pattern(String octet) {
        return new BigInteger(octet.repeat(WIDEST_BYTES), 16);
    }

    /** Turns each bit over, twice, and compares the whole register after each write. */
    static void bitBash(RegisterBus bus, TestedRegister register) {
        bus.learn(register);
        BigInteger before = bus.predicted(register);
        for (int bit = 0; bit < register.register().width(); bit++) {
            if (untouchable(register, bit)) {
                continue;
            }
            for (int times = 0; times < 2; times++) {
                BigInteger data = quiet(bus, register).flipBit(bit);
                bus.write(register, data);
                seen(bus, register, "after writing 0x%x (bit %d)".formatted(data, bit));
            }
        }
        bus.restore(register, before);
    }

    /** What software may not write, or neither sees nor can be told. */
    private static boolean untouchable(TestedRegister register, int bit) {
        return register.fieldAt(bit).map(f -> f.field().sw().canWrite() && (!f.writable() || !f.compared())).orElse(false);
    }

    /** A word that changes no field but plainly stored ones, which keep their value. */
    private static BigInteger quiet(RegisterBus bus, TestedRegister register) {
        BigInteger data = bus.predicted(register).and(register.reserved().not());
        for (TestedField field : register.fields()) {
            data = data.andNot(field.field().mask()).or(field.neutral().shiftLeft(field.field().low()));
        }
        return data.and(register.ones());
    }

    /** All ones, zeros, alternating bits, then a one and a zero at each place. */
    static void walk(RegisterBus bus, TestedRegister register) {
        bus.learn(register);
        BigInteger before = bus.predicted(register);
        for (BigInteger data : List.of(register.ones(), BigInteger.ZERO, ODD, EVEN)) {
            written(bus, register, data.and(register.ones()));
        }
        for (int bit = 0; bit < register.register().width(); bit++) {
            written(bus, register, BigInteger.ONE.shiftLeft(bit));
            written(bus, register, register.ones().clearBit(bit));
        }
        bus.restore(register, before);
    }

    private static void written(RegisterBus bus, TestedRegister register, BigInteger data) {
        bus.write(register, data);
        seen(bus, register, "after writing 0x%x".formatted(data));
    }

    /** Reads and compares; once more where the read itself changes something. */
    private static void seen(RegisterBus bus, TestedRegister register, String when) {
        bus.check(register, when);
        if (register.readHasEffect()) {
            bus.check(register, when + " and reading");
        }
    }

    /** Gives every register a word of its own, then reads all: in the map's order, and the other way round. */
    static void aliasing(RegisterBus bus, List<TestedRegister> registers, long seed) {
        registers.forEach(bus::learn);
        Map<TestedRegister, BigInteger> before = new LinkedHashMap<>();
        registers.forEach(register -> before.put(register, bus.predicted(register)));
        for (List<TestedRegister> order : List.of(registers, registers.reversed())) {
            Random random = new Random(seed);
            for (TestedRegister register : order) {
                bus.write(register, random(register, random));
            }
            order.forEach(register -> bus.check(register, "after every register was given a word of its own"));
        }
        before.forEach(bus::restore);
    }

    /** Each register written, and all read after each. */
    static void aliasingThoroughly(RegisterBus bus, List<TestedRegister> registers, long seed) {
        registers.forEach(bus::learn);
        Random random = new Random(seed);
        for (TestedRegister register : registers) {
            BigInteger data = random(register, random);
            BigInteger before = bus.predicted(register);
            bus.write(register, data);
            registers.forEach(other -> bus.check(other, "after 0x%x was written to %s".formatted(data, register.path())));
            bus.restore(register, before);
        }
    }

    /** Reads and writes in any order, all predicted; a reset in the middle where {@code resets}. */
    static void shuffled(RegisterBus bus, List<TestedRegister> registers, long seed, boolean resets) {
        Random random = new Random(seed);
        if (resets) {
            bus.reset();
        } else {
            registers.forEach(bus::learn);
        }
        int accesses = registers.size() * ROUNDS;
        int middle = random.nextInt(accesses);
        for (int i = 0; i < accesses; i++) {
            if (resets && i == middle) {
                bus.reset();
                registers.forEach(register -> bus.check(register, "after a reset amid accesses (seed %d)".formatted(seed)));
            }
            TestedRegister register = registers.get(random.nextInt(registers.size()));
            if (random.nextBoolean()) {
                bus.write(register, random(register, random));
            } else {
                bus.check(register, "at access %d of seed %d".formatted(i, seed));
            }
        }
        registers.forEach(register -> bus.check(register, "after %d accesses of seed %d".formatted(accesses, seed)));
    }

    static BigInteger random(TestedRegister register, Random random) {
        return new BigInteger(register.register().width(), random);
    }

    /** A field that takes one write after a reset: the first stays, the second is ignored. */
    static void once(RegisterBus bus, List<TestedRegister> registers) {
        bus.reset();
        for (TestedRegister register : registers) {
            written(bus, register, ODD.and(register.ones()));
            written(bus, register, EVEN.and(register.ones()));
        }
        bus.reset();
        registers.forEach(register -> written(bus, register, EVEN.and(register.ones())));
        bus.reset();
    }

    /** Writes with the lock open and shut. */
    static void lock(RegisterBus bus, TestedRegister register) {
        bus.learn(register);
        register.fields().stream().filter(f -> f.lock() != null).map(f -> f.lock().path().substring(0, f.lock().path().lastIndexOf('.')))
                .distinct()
                .forEach(path -> bus.register(path, register.bar()).ifPresent(key -> turned(bus, register, key)));
    }

    private static void turned(RegisterBus bus, TestedRegister register, TestedRegister key) {
        bus.learn(key);
        BigInteger before = bus.predicted(key);
        for (BigInteger position : List.of(BigInteger.ZERO, key.ones(), before)) {
            bus.write(key, position);
            bus.check(key, "after writing 0x%x".formatted(position));
            written(bus, register, register.ones());
            written(bus, register, BigInteger.ZERO);
        }
    }

    /** Writes at one address and reads at every other. */
    static void shared(RegisterBus bus, List<TestedRegister> addresses) {
        addresses.forEach(bus::learn);
        for (TestedRegister one : addresses) {
            for (BigInteger data : List.of(ODD.and(one.ones()), EVEN.and(one.ones()))) {
                bus.write(one, data);
                for (TestedRegister other : addresses) {
                    bus.check(other, "after 0x%x was written at %s".formatted(data, one.path()));
                }
            }
        }
    }

    /** By address, and what lies at one by path. */
    static Comparator<TestedRegister> byPlace() {
        return Comparator.comparingInt(TestedRegister::bar).thenComparingLong(TestedRegister::offset).thenComparing(TestedRegister::path);
    }
}
