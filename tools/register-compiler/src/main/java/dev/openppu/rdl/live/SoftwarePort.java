package dev.openppu.rdl.live;

import org.jspecify.annotations.Nullable;

/** Software's accesses to a map, with their side effects. */
final class SoftwarePort {

    private final Registers registers;
    private final Cells cells;
    private final Propagation propagation;

    SoftwarePort(Registers registers, Propagation propagation) {
        this.registers = registers;
        this.cells = registers.cells;
        this.propagation = propagation;
    }

    // ---- reads

    long read(long address, int bytes) {
        Cell cell = cells.reader(address);
        return cell != null && cell.takes(address, bytes) ? read(cell, address, bytes) : readElsewhere(address, bytes);
    }

    private long read(Cell cell, long address, int bytes) {
        Hooks hooks = cell.hooks;
        WordBehaviour behaviour = cell.behaviour;
        int shift = cell.shift(address, bytes);
        long lanes = Cell.lanes(bytes) << shift;
        if (hooks != null) {
            if (hooks.outside != null) {
                return hooks.outside.read(address - cell.start, bytes) & Cell.lanes(bytes);
            }
            if (hooks.beforeRead != null) {
                hooks.beforeRead.beforeRead(cell.start);
            }
        }
        long value = cell.store.value;
        if (hooks != null || (behaviour.readEffects & lanes) != 0) {
            afterRead(cell, hooks, value, lanes);
        }
        return ((value & behaviour.readable | behaviour.reservedOnes) & lanes) >>> shift;
    }

    private void afterRead(Cell cell, @Nullable Hooks hooks, long value, long lanes) {
        WordBehaviour behaviour = cell.behaviour;
        long affected = (behaviour.clearOnRead | behaviour.setOnRead) & lanes;
        long now = value & ~(behaviour.clearOnRead & lanes) | behaviour.setOnRead & lanes;
        long users = behaviour.userOnRead & lanes;
        if (hooks != null && hooks.userRead != null && users != 0) {
            now = now & ~users | hooks.userRead.read(cell.start, users, value) & users;
            affected |= users;
        }
        if (affected != 0) {
            propagation.change(cell.store, now);
        }
        if (hooks != null) {
            strobe(cell, hooks, behaviour.readable & lanes, affected);
        }
    }

    /** A read that finds no cell: the register is not there yet, or there is a memory. */
    private long readElsewhere(long address, int bytes) {
        MemoryPort memory = registers.memories.find(address);
        if (memory == null || memory.hasVirtualRegisters) {
            cells.create(address);
            Cell cell = cells.reader(address);
            if (cell != null && cell.takes(address, bytes)) {
                return read(cell, address, bytes);
            }
            memory = memoryFor(cell, address, bytes);
        }
        if (!memory.takes(address, bytes)) {
            throw registers.refusal(address, bytes);
        }
        if (memory.hasVirtualRegisters && bytes > 1) {
            int half = bytes / 2;
            return coversRegister(address, bytes)
                    ? read(address, half) | read(address + half, half) << half * 8
                    : memory.read(address, bytes);
        }
        return memory.read(address, bytes);
    }

    /** The memory for an access that no register takes whole: one that a register at the address is no part of, or wider ones. */
    private MemoryPort memoryFor(@Nullable Cell cell, long address, int bytes) {
        MemoryPort memory = cell == null || bytes > cell.behaviour.bytes ? registers.memory(address) : null;
        if (memory == null) {
            throw registers.refusal(address, bytes);
        }
        return memory;
    }

    /** Whether a virtual register has any of these bytes. */
    private boolean coversRegister(long address, int bytes) {
        for (long at = address; at < address + bytes; at++) {
            cells.create(at);
            if (cells.reader(at) != null) {
                return true;
            }
        }
        return false;
    }

    // ---- writes

    void write(long address, int bytes, long value) {
        Cell cell = cells.writer(address);
        if (cell != null && cell.takes(address, bytes)) {
            write(cell, address, bytes, value);
        } else {
            writeElsewhere(address, bytes, value);
        }
    }

    private void write(Cell cell, long address, int bytes, long value) {
        Hooks hooks = cell.hooks;
        if (hooks != null && hooks.outside != null) {
            hooks.outside.write(address - cell.start, bytes, value & Cell.lanes(bytes));
            return;
        }
        int shift = cell.shift(address, bytes);
        long lanes = Cell.lanes(bytes) << shift;
        long data = value << shift & lanes;
        long enabled = enabled(cell, lanes);
        long old = cell.store.value;
        finish(cell, old, data, enabled, written(cell, old, data, enabled));
    }

    private void writeElsewhere(long address, int bytes, long value) {
        MemoryPort memory = registers.memories.find(address);
        if (memory == null || memory.hasVirtualRegisters) {
            cells.create(address);
            Cell cell = cells.writer(address);
            if (cell != null && cell.takes(address, bytes)) {
                write(cell, address, bytes, value);
                return;
            }
            memory = memoryFor(cell, address, bytes);
        }
        if (!memory.takes(address, bytes)) {
            throw registers.refusal(address, bytes);
        }
        if (memory.hasVirtualRegisters && bytes > 1 && coversRegister(address, bytes)) {
            int half = bytes / 2;
            write(address, half, value);
            write(address + half, half, value >>> half * 8);
        } else {
            memory.write(address, bytes, value);
        }
    }

    private static long written(Cell cell, long old, long data, long enabled) {
        long now = cell.behaviour.written(old, data, enabled);
        Hooks hooks = cell.hooks;
        long users = cell.behaviour.userOnWrite & enabled;
        if (hooks != null && hooks.userWrite != null && users != 0) {
            now = now & ~users | hooks.userWrite.write(cell.start, users, old, data) & users;
        }
        return now;
    }

    private static long enabled(Cell cell, long lanes) {
        long enabled = cell.behaviour.writable & lanes;
        for (WiredPart part : cell.wired) {
            if (!part.field.takesSoftwareWrite()) {
                enabled &= ~part.span.mask();
            }
        }
        long once = cell.behaviour.once & enabled;
        if (once != 0) {
            Cell store = cell.store;
            enabled &= ~store.spent;
            store.spent |= once;
        }
        return enabled;
    }

    private void finish(Cell cell, long old, long data, long enabled, long now) {
        Cell store = cell.store;
        propagation.change(store, now);
        Hooks hooks = cell.hooks;
        if (hooks != null) {
            strobe(cell, hooks, enabled, enabled);
            if (hooks.afterWrite != null) {
                hooks.afterWrite.afterWrite(cell.start, old, data, store.value);
            }
        }
        long pulses = cell.behaviour.pulse & enabled;
        if (pulses != 0) {
            propagation.change(store, store.value & ~cell.behaviour.pulse);
        }
    }

    /**
     * Both ports in one cycle: what both change, {@code precedence} decides.
     *
     * @param hardware what hardware's port makes of the cell at the same time
     */
    void writeWhileDriving(long address, int bytes, long written, long driven, HardwarePort hardware) {
        cells.create(address);
        Cell cell = cells.writer(address);
        if (cell == null || !cell.takes(address, bytes)) {
            throw registers.refusal(address, bytes);
        }
        int shift = cell.shift(address, bytes);
        long lanes = Cell.lanes(bytes) << shift;
        long data = written << shift & lanes;
        long bySoftware = enabled(cell, lanes);
        long byHardware = hardware.enabled(cell, lanes);
        long old = cell.store.value;
        long software = written(cell, old, data, bySoftware);
        long fromHardware = byHardware & (~bySoftware | cell.behaviour.hardwareWins);
        long values = hardware.driven(cell, old, driven << shift & lanes, byHardware);
        finish(cell, old, data, bySoftware, values & fromHardware | software & ~fromHardware);
    }

    // ---- strobes

    private static void strobe(Cell cell, Hooks hooks, long accessed, long modified) {
        if (hooks.access != null && (accessed & cell.behaviour.softwareAccess) != 0) {
            hooks.access.fieldsAccessed(cell.start, accessed & cell.behaviour.softwareAccess);
        }
        if (hooks.modify != null && (modified & cell.behaviour.softwareModify) != 0) {
            hooks.modify.fieldsAccessed(cell.start, modified & cell.behaviour.softwareModify);
        }
        if (hooks.strobes) {
            for (WiredPart part : cell.wired) {
                pulse(part, "swacc", accessed);
                pulse(part, "swmod", modified);
            }
        }
    }

    private static void pulse(WiredPart part, String property, long bits) {
        SignalLine line = (bits & part.span.mask()) == 0 ? null : part.field.findPin(property);
        if (line != null) {
            line.pulse();
        }
    }
}
