package dev.openppu.rdl.source;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The kinds of warning: each stands for something that the standard allows and that is probably not meant. The words by which
 * messages and options call one are its {@link #id()}.
 */
public enum Warning {
    /** A field that software reads and nothing writes has no reset value: what it reads is anyone's guess. */
    CONSTANT_WITHOUT_VALUE(true),
    /** A property stands on a field where it can have no effect. */
    WITHOUT_EFFECT(true),
    /** A register does not begin at a multiple of its access width: a bus may need two accesses, or refuse it. */
    UNALIGNED(true),
    /** A macro is defined a second time, with another body. */
    MACRO_REDEFINED(true),
    /** Something that the standard does not have, and that files are written with all the same. */
    NOT_STANDARD(true),
    /** A constraint: it is read over, and nothing checks that it holds. */
    CONSTRAINT(true),
    /** A field that software cannot access at all. */
    OUT_OF_REACH(true),
    /** A signal that resets has no active level. */
    WITHOUT_POLARITY(true),
    /** A field that software changes spans several accesses: it changes in pieces. */
    SPLIT_ACCESS(true),
    /** A field with storage has no reset value: it is unknown until the first write. Many descriptions leave it out on purpose. */
    NO_RESET(false);

    private final boolean usual;

    Warning(boolean usual) {
        this.usual = usual;
    }

    /** How messages and options call it: {@code no-reset}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one that is called {@code id}. */
    public static Optional<Warning> find(String id) {
        return Stream.of(values()).filter(warning -> warning.id().equals(id)).findFirst();
    }

    /** Those that are given where nobody asks for others. */
    public static Set<Warning> usual() {
        EnumSet<Warning> usual = EnumSet.noneOf(Warning.class);
        Stream.of(values()).filter(warning -> warning.usual).forEach(usual::add);
        return usual;
    }
}
