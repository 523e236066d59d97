package dev.openppu.rdl.live;

/** Hardware's accesses to a map. */
final class HardwarePort {

    private final Registers registers;
    private final Propagation propagation;

    HardwarePort(Registers registers, Propagation propagation) {
        this.registers = registers;
        this.propagation = propagation;
    }

    long peek(long address, int bytes) {
        Cell cell = registers.forHardware(address, bytes);
        return cell == null
                ? memory(address, bytes).peek(address, bytes)
                : cell.store.value >>> cell.shift(address, bytes) & Cell.lanes(bytes);
    }

    void drive(long address, int bytes, long value) {
        Cell cell = registers.forHardware(address, bytes);
        if (cell == null) {
            memory(address, bytes).poke(address, bytes, value);
            return;
        }
        int shift = cell.shift(address, bytes);
        drive(cell, value << shift, Cell.lanes(bytes) << shift);
    }

    /** Drives the bits {@code lanes} of a cell. */
    void drive(Cell cell, long data, long lanes) {
        Cell store = cell.store;
        long old = store.value;
        propagation.change(store, driven(cell, old, data & lanes, enabled(cell, lanes)));
    }

    void poke(long address, int bytes, long value) {
        Cell cell = registers.forHardware(address, bytes);
        if (cell == null) {
            memory(address, bytes).poke(address, bytes, value);
            return;
        }
        int shift = cell.shift(address, bytes);
        poke(cell, value << shift, Cell.lanes(bytes) << shift);
    }

    /** Stores the bits {@code lanes} of a cell. */
    void poke(Cell cell, long data, long lanes) {
        long bits = lanes & cell.behaviour.bits;
        propagation.change(cell.store, cell.store.value & ~bits | data & bits);
    }

    private MemoryPort memory(long address, int bytes) {
        MemoryPort memory = registers.memory(address);
        if (memory == null || !memory.takes(address, bytes)) {
            throw registers.refusal(address, bytes);
        }
        return memory;
    }

    /** Bits of a cell that hardware may load now. */
    long enabled(Cell cell, long lanes) {
        long enabled = cell.behaviour.hardwareWritable & lanes;
        for (WiredPart part : cell.wired) {
            enabled &= part.takesHardwareWrite() | ~part.span.mask();
        }
        return enabled;
    }

    /** What driving {@code data} makes of {@code old}. */
    long driven(Cell cell, long old, long data, long enabled) {
        long now = cell.behaviour.driven(old, data, enabled);
        for (WiredPart part : cell.wired) {
            InterruptInput input = part.field.input;
            long bits = part.span.mask() & enabled;
            if (input != null && bits != 0) {
                now = now & ~bits | part.arrive(old, data, input) & bits;
            }
        }
        return now;
    }

    void set(long address, long mask) {
        set(cellAt(address), mask);
    }

    /** Asserts the {@code hwset} inputs of the fields that {@code mask} touches. */
    void set(Cell cell, long mask) {
        propagation.change(cell.store, cell.store.value | mask & cell.behaviour.hardwareSet & unlocked(cell));
    }

    void clear(long address, long mask) {
        clear(cellAt(address), mask);
    }

    /** Asserts the {@code hwclr} inputs of the fields that {@code mask} touches. */
    void clear(Cell cell, long mask) {
        propagation.change(cell.store, cell.store.value & ~(mask & cell.behaviour.hardwareClear & unlocked(cell)));
    }

    private Cell cellAt(long address) {
        Cell cell = registers.forHardware(address, 1);
        if (cell == null) {
            throw registers.refusal(address, 1);
        }
        return cell;
    }

    private static long unlocked(Cell cell) {
        long open = -1L;
        for (WiredPart part : cell.wired) {
            open &= part.unlocked() | ~part.span.mask();
        }
        return open;
    }

    /** @throws IllegalArgumentException if the register has no such counter */
    Counter counter(long address, String field) {
        for (Cell[] cells : registers.registersAt(address)) {
            for (Cell cell : cells) {
                for (WiredPart part : cell.wired) {
                    if (part.field.counter != null && part.field.field.name().equals(field)) {
                        return part.field.counter;
                    }
                }
            }
        }
        throw new IllegalArgumentException("the register at 0x" + Long.toHexString(address) + " has no counter '" + field + "'");
    }

    /** @throws IllegalArgumentException if the register has no interrupt field */
    InterruptLine line(long address) {
        for (Cell[] cells : registers.registersAt(address)) {
            InterruptLine line = cells[0].store.line;
            if (line != null) {
                return line;
            }
        }
        throw new IllegalArgumentException("the register at 0x" + Long.toHexString(address) + " has no interrupt field");
    }
}
