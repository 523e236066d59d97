package dev.openppu.harness.registers;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnWrite;
import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A field of a register at one address, and how it answers software.
 *
 * @param path without the map's name
 * @param state shared by all addresses of the field
 * @param lock what its {@code swwe} or {@code swwel} names, if that is a field
 * @param noWrite why it is not to be written, if so
 * @param noCompare why it is not to be compared, if so
 */
record TestedField(String path, Field field, FieldState state, @Nullable Lock lock, Optional<String> noWrite, Optional<String> noCompare) {
    /** Properties by which another part of the map, or hardware, moves a field. */
    private static final List<String> WIRES = List.of("next", "hwset", "hwclr", "incr", "decr", "we", "wel", "incrvalue", "decrvalue");

    /** @param opens the value of {@code field} at which writes count */
    record Lock(FieldState field, String path, boolean opens) {}

    BigInteger ones() {
        return field.ones();
    }

    /** Whether something else in the map moves it, so that its value does not follow from software's accesses. */
    boolean wired() {
        return WIRES.stream().anyMatch(name -> field.properties().get(name) instanceof Value.Reference)
                || field.isInterrupt() && field.properties().has("nonsticky");
    }

    /** Whether its lock is no field, so that nobody here knows whether it is open. */
    private boolean lockedByOther() {
        return lock == null && (field.properties().is("swwe") || field.properties().is("swwel"));
    }

    boolean compared() {
        return noCompare.isEmpty() && !wired();
    }

    boolean writable() {
        return noWrite.isEmpty() && field.sw().canWrite();
    }

    /** What a write to it should carry so that nothing changes. */
    BigInteger neutral() {
        return switch (field.onWrite()) {
            case WZS, WZC, WZT -> ones();
            case NONE -> state.value.and(state.known);
            default -> BigInteger.ZERO;
        };
    }

    /**
     * Predicts a write of {@code data}.
     *
     * @param door {@link #door} as it was before the access that carries {@code data}
     */
    void write(BigInteger data, Door door) {
        if (!field.sw().canWrite()) {
            return;
        }
        switch (door) {
            case OPEN -> {
                store(field.onWrite(), data.and(ones()));
                state.written(path);
                if (field.isSinglePulse()) {
                    state.learn(ones(), BigInteger.ZERO);
                }
            }
            case CLOSED -> {
            }
            case UNKNOWN -> state.known = BigInteger.ZERO;
        }
    }

    /** Whether a write counts. */
    enum Door {
        OPEN,
        CLOSED,
        UNKNOWN
    }

    /** Whether a write counts that begins now. Fields of one access are written at the same time: all their doors are looked at before any of them is written. */
    Door door() {
        Lock by = lock;
        if (lockedByOther() || by != null && !by.field.known.testBit(0)) {
            return Door.UNKNOWN;
        }
        if (by != null && by.field.value.testBit(0) != by.opens) {
            return Door.CLOSED;
        }
        return !field.sw().once() ? Door.OPEN : switch (state.writes) {
            case NONE -> Door.OPEN;
            case SOME -> state.writtenBy(path) ? Door.CLOSED : Door.UNKNOWN; // whether a write at another address counts as the first one is open
            case UNKNOWN -> Door.UNKNOWN;
        };
    }

    private void store(OnWrite how, BigInteger data) {
        BigInteger zeros = ones().andNot(data);
        switch (how) {
            case NONE -> state.learn(ones(), data);
            case WOSET -> state.learn(data, data);
            case WOCLR -> state.learn(data, BigInteger.ZERO);
            case WOT -> state.value = state.value.xor(data);
            case WZS -> state.learn(zeros, zeros);
            case WZC -> state.learn(zeros, BigInteger.ZERO);
            case WZT -> state.value = state.value.xor(zeros);
            case WCLR -> state.learn(ones(), BigInteger.ZERO);
            case WSET -> state.learn(ones(), ones());
            case WUSER -> state.known = BigInteger.ZERO;
        }
    }

    /** What a read shows, where it is known. */
    BigInteger shown() {
        return field.sw().canRead() ? state.value : BigInteger.ZERO;
    }

    /** The bits that a read must show as predicted. */
    BigInteger certain() {
        return !compared() ? BigInteger.ZERO : field.sw().canRead() ? state.known : ones();
    }

    /** Takes what a read has shown, and predicts what the read did. */
    void read(BigInteger seen) {
        if (field.sw().canRead()) {
            state.learn(ones(), seen);
            switch (field.onRead()) {
                case NONE -> {
                }
                case RCLR -> state.learn(ones(), BigInteger.ZERO);
                case RSET -> state.learn(ones(), ones());
                case RUSER -> state.known = BigInteger.ZERO;
            }
        }
    }

    /** Predicts a reset. */
    void reset(boolean powerOn) {
        state.forget();
        state.unwritten();
        BigInteger value = field.reset();
        if (value != null && (powerOn || field.properties().get("resetsignal") == null)) {
            state.learn(ones(), value);
        }
    }
}
