package dev.openppu.harness.registers;

import dev.openppu.hal.DeviceLink;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.bench.Bench;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** What all registers read right after a reset, taken once a link: a reset for each register would take minutes on a device in real time. For one thread. */
final class ResetImages {
    private final TestedMap map;
    private final long seed;
    private final Presence presence;
    private final Map<DeviceLink, Image> plain = new IdentityHashMap<>();
    private final Map<DeviceLink, Image> dirty = new IdentityHashMap<>();

    /** What is wrong, by register, and what hardware moves. */
    record Image(Map<TestedRegister, CheckFailedException> wrong, Set<String> moving) {
        void check(TestedRegister register) {
            CheckFailedException failure = wrong.get(register);
            if (failure != null) {
                throw new CheckFailedException(failure.expected(), failure.seen());
            }
        }
    }

    ResetImages(TestedMap map, long seed, Presence presence) {
        this.map = map;
        this.seed = seed;
        this.presence = presence;
    }

    /** After a mere reset. */
    Image plain(Bench bench) {
        return plain.computeIfAbsent(bench.link(), _ -> taken(bench, new RegisterBus(bench, map), Sequence.RESET));
    }

    /** After a reset of registers that held random values. */
    Image dirty(Bench bench) {
        return dirty.computeIfAbsent(bench.link(), _ -> {
            RegisterBus bus = new RegisterBus(bench, map);
            Random random = new Random(seed);
            List<TestedRegister> registers = included(bench, Sequence.DIRTY_RESET);
            registers.forEach(bus::learn);
            registers.forEach(register -> bus.write(register, Probes.random(register, random)));
            return taken(bench, bus, Sequence.DIRTY_RESET);
        });
    }

    private List<TestedRegister> included(Bench bench, Sequence sequence) {
        return map.registers().stream().filter(r -> r.included(sequence) && presence.absent(bench, r.bar(), r.path()).isEmpty()).toList();
    }

    private Image taken(Bench bench, RegisterBus bus, Sequence sequence) {
        bus.reset();
        List<TestedRegister> registers = included(bench, sequence);
        Map<TestedRegister, BigInteger> first = new HashMap<>();
        Map<TestedRegister, CheckFailedException> wrong = new HashMap<>();
        registers.stream().filter(r -> r.sharedWith() == null && bus.answersReads(r)).forEach(register -> {
            BigInteger seen = bus.readRaw(register);
            first.put(register, seen);
            try {
                bus.compare(register, seen, "after a reset");
            } catch (CheckFailedException e) {
                wrong.put(register, e);
            }
        });
        Set<String> moving = new HashSet<>();
        wrong.entrySet()
                .removeIf(entry -> movedByHardware(bus, entry.getKey(), first.getOrDefault(entry.getKey(), BigInteger.ZERO), moving));
        return new Image(wrong, moving);
    }

    /** Whether what is wrong does not hold still: a counter that runs, a value that is measured. */
    private static boolean movedByHardware(RegisterBus bus, TestedRegister register, BigInteger first, Set<String> moving) {
        if (register.readHasEffect()) {
            return false;
        }
        BigInteger changed = bus.readRaw(register).xor(first);
        List<TestedField> moved = register.fields().stream()
                .filter(f -> f.field().hw().canWrite() && changed.and(f.field().mask()).signum() != 0).toList();
        moved.forEach(f -> moving.add(f.path()));
        return !moved.isEmpty() && register.fields().stream().filter(f -> !moved.contains(f))
                .allMatch(f -> f.field().extract(first).xor(f.shown()).and(f.certain()).signum() == 0);
    }
}
