package dev.openppu.harness.registers;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What can be tried on a register, and what a description's author writes to keep it off. */
public enum Sequence {
    RESET("Reset value", "After a reset every field reads its reset value", Set.of("NO_REG_TESTS", "NO_REG_HW_RESET_TEST")),
    DIRTY_RESET("Reset value behind random values", "A reset brings every field back, whatever was written before",
            Set.of("NO_REG_TESTS", "NO_REG_HW_RESET_TEST", "NO_REG_BIT_BASH_TEST")),
    BIT_BASH("Each bit turned over twice", "Each bit answers a write as its sw and onwrite say, and no other bit changes",
            Set.of("NO_REG_TESTS", "NO_REG_BIT_BASH_TEST")),
    WALK("Walking ones and zeros", "A register holds each pattern as its fields' sw and onwrite say",
            Set.of("NO_REG_TESTS", "NO_REG_BIT_BASH_TEST")),
    ALIASING("Every register its own storage", "A write changes the register it names and no other",
            Set.of("NO_REG_TESTS", "NO_REG_BIT_BASH_TEST")),
    LOCK("Writes count while the lock allows", "A field with swwe (swwel) takes writes only while what it names is 1 (0)",
            Set.of("NO_REG_TESTS", "NO_REG_BIT_BASH_TEST")),
    ONCE("Only the first write counts", "A field with sw=rw1 takes the first write after a reset and no other",
            Set.of("NO_REG_TESTS", "NO_REG_BIT_BASH_TEST")),
    SHARED("One register at several addresses", "What is written at one address of a register is read at every other",
            Set.of("NO_REG_TESTS", "NO_REG_SHARED_ACCESS_TEST")),
    ACCESS("Front against back", "What software writes is behind the bus, and what is put behind it software reads",
            Set.of("NO_REG_TESTS", "NO_REG_ACCESS_TEST")),
    SHUFFLED("Random accesses in random order", "Any order of reads and writes reads what the map predicts",
            Set.of("NO_REG_TESTS", "NO_REG_BIT_BASH_TEST")),
    MEMORY_ACCESS("Each entry of a memory", "Each entry of a memory holds what was written",
            Set.of("NO_MEM_TESTS", "NO_MEM_ACCESS_TEST")),
    MEMORY_WALK("A walk through a memory", "A write to an entry of a memory changes no entry before it",
            Set.of("NO_MEM_TESTS", "NO_MEM_WALK_TEST"));

    private final String title;
    private final String rule;
    private final Set<String> exclusions;

    Sequence(String title, String rule, Set<String> exclusions) {
        this.title = title;
        this.rule = rule;
        this.exclusions = exclusions;
    }

    /** As it is written in case ids and exclusion files: {@code bit-bash}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String title() {
        return title;
    }

    public String rule() {
        return rule;
    }

    /** The user-defined properties whose presence keeps this sequence off a register, its fields' or a block's. */
    Set<String> exclusions() {
        return exclusions;
    }

    /** The sequence of that {@link #id}. */
    public static Optional<Sequence> find(String id) {
        return Stream.of(values()).filter(sequence -> sequence.id().equals(id)).findFirst();
    }
}
