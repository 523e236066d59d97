package dev.openppu.harness.registers;

import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Registers of one direction that share addresses with registers of the other one (SystemRDL 2.0, 10.1: a read-only and a write-only register may stand at one address, as a UART's receive
 * buffer and transmit holding register do). A read of such an address is a read of the first, a write one of the second, whichever name it goes by. Immutable.
 */
final class HalfRegisters {
    private final Map<TestedRegister, List<TestedRegister>> readers = new IdentityHashMap<>();
    private final Map<TestedRegister, List<TestedRegister>> writers = new IdentityHashMap<>();

    HalfRegisters(List<TestedRegister> registers) {
        registers.stream().collect(Collectors.groupingBy(TestedRegister::bar)).values().forEach(this::find);
    }

    /** The readable registers that answer reads of {@code register}'s addresses in its place; empty where it answers itself. */
    List<TestedRegister> readers(TestedRegister register) {
        return readers.getOrDefault(register, List.of());
    }

    /** The writable registers that take writes to {@code register}'s addresses in its place; empty where it takes them itself. */
    List<TestedRegister> writers(TestedRegister register) {
        return writers.getOrDefault(register, List.of());
    }

    private void find(List<TestedRegister> ofOneBar) {
        List<TestedRegister> ordered = ofOneBar.stream().sorted(Comparator.comparingLong(TestedRegister::offset)).toList();
        for (int i = 0; i < ordered.size(); i++) {
            TestedRegister lower = ordered.get(i);
            for (int j = i + 1; j < ordered.size() && ordered.get(j).offset() < lower.end(); j++) {
                link(lower, ordered.get(j));
                link(ordered.get(j), lower);
            }
        }
    }

    private void link(TestedRegister register, TestedRegister other) {
        link(readers, r -> r.register().isReadable(), register, other);
        link(writers, r -> r.register().isWritable(), register, other);
    }

    private static void link(Map<TestedRegister, List<TestedRegister>> into, Predicate<TestedRegister> able, TestedRegister register,
            TestedRegister other) {
        if (!able.test(register) && able.test(other)) {
            into.merge(register, List.of(other), (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
        }
    }
}
