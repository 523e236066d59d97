package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import dev.openppu.rdl.path.PathException;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hardware's port of a live map by path, for registers and fields of any width: {@code top.block[2].reg} or
 * {@code top.block[2].reg.field}. Every method throws {@link PathException} where the path leads to neither. As its
 * {@link LiveRegisters}, not safe for several threads.
 */
public final class LivePaths {

    private final Locator locator;
    private final Wiring wiring;
    private final HardwarePort hardware;

    LivePaths(Locator locator, Wiring wiring, HardwarePort hardware) {
        this.locator = locator;
        this.wiring = wiring;
        this.hardware = hardware;
    }

    /**
     * A register, or bits of it.
     *
     * @param low   the lowest of the bits
     * @param width how many
     */
    private record Bits(LocatedNode node, Cell[] cells, int low, int width) {

        BigInteger ones() {
            return BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
        }
    }

    private Bits bits(String path) {
        LocatedNode node = locator.find(path);
        LocatedNode register = node.register();
        if (register == null || !(node.node() instanceof Field || node.node() instanceof Register)) {
            throw new PathException("'" + path + "' is no register and no field");
        }
        Cell[] cells = wiring.cells().of(register);
        return node.node() instanceof Field field
                ? new Bits(node, cells, field.low(), field.width())
                : new Bits(node, cells, 0, ((Register) node.node()).width());
    }

    /** The stored value; see {@link LiveRegisters#peek}. */
    public BigInteger peek(String path) {
        Bits bits = bits(path);
        BigInteger value = BigInteger.ZERO;
        for (int word = 0; word < bits.cells.length; word++) {
            value = value.or(Wide.unsigned(bits.cells[word].store.value).shiftLeft(word * Long.SIZE));
        }
        return value.shiftRight(bits.low).and(bits.ones());
    }

    private interface Change {
        void of(Cell cell, long data, long lanes);
    }

    private void change(String path, @Nullable BigInteger value, Change change) {
        Bits bits = bits(path);
        BigInteger lanes = bits.ones().shiftLeft(bits.low);
        BigInteger data = value == null ? lanes : value.shiftLeft(bits.low).and(lanes);
        for (int word = 0; word < bits.cells.length; word++) {
            long here = Wide.word(lanes, word * Long.SIZE);
            if (here != 0) {
                change.of(bits.cells[word], Wide.word(data, word * Long.SIZE), here);
            }
        }
    }

    /** Drives a register's fields, or one of them; see {@link LiveRegisters#drive}. */
    public void drive(String path, BigInteger value) {
        change(path, value, hardware::drive);
    }

    /** Sets stored bits, whatever {@code hw} says; see {@link LiveRegisters#poke}. */
    public void poke(String path, BigInteger value) {
        change(path, value, hardware::poke);
    }

    /**
     * Asserts {@code hwset} inputs for a cycle.
     *
     * @param mask the bits, or null for all
     */
    public void set(String path, @Nullable BigInteger mask) {
        change(path, mask, (cell, data, lanes) -> hardware.set(cell, data));
    }

    /**
     * Asserts {@code hwclr} inputs for a cycle.
     *
     * @param mask the bits, or null for all
     */
    public void clear(String path, @Nullable BigInteger mask) {
        change(path, mask, (cell, data, lanes) -> hardware.clear(cell, data));
    }

    /** Lets a counter count up once. */
    public void increment(String path) {
        counter(path).increment();
    }

    /** Lets a counter count down once. */
    public void decrement(String path) {
        counter(path).decrement();
    }

    private Counter counter(String path) {
        Bits bits = bits(path);
        for (Cell cell : bits.cells) {
            for (WiredPart part : cell.wired) {
                if (part.field.field == bits.node.node() && part.field.counter != null) {
                    return part.field.counter;
                }
            }
        }
        throw new PathException("'" + path + "' is no counter");
    }

    /** The level of a register's interrupt output. */
    public boolean interrupt(String path) {
        return line(path).level();
    }

    /** The level of a register's halt output. */
    public boolean halt(String path) {
        return line(path).halt();
    }

    private InterruptLine line(String path) {
        InterruptLine line = bits(path).cells[0].store.line;
        if (line == null) {
            throw new PathException("'" + path + "' has no interrupt field");
        }
        return line;
    }
}
