package dev.openppu.rdl.live;

import dev.openppu.rdl.model.AddressMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An elaborated map that behaves: software reads and writes it through one port, hardware through the other, and every field does
 * what its properties say.
 *
 * <p><b>Software's port</b> ({@link #read}, {@link #write}) takes accesses from a register's access width up to its width (64 bits
 * at most at a time), naturally aligned; everything else is an {@link UnmappedRegisterException}. Bits that software cannot read
 * come as 0.
 *
 * <p><b>Hardware's port</b> ({@link #peek}, {@link #drive}) has no side effects of reads; {@link #drive} changes the fields that
 * {@code hw} lets it write: a plain field takes the driven bits; one with {@code we} or {@code wel} takes them while what it refers
 * to lets it (as a mere flag, {@code drive} itself is the load); one with an {@code hwset} flag is set by ones and keeps its bits on
 * zeros, one with {@code hwclr} is cleared by zeros and keeps them on ones, so that driving both ways needs both;
 * {@code hwenable} and {@code hwmask} hold single bits back; an interrupt field sees its input line: level or edge, and sticky as it
 * is declared.
 *
 * <p>There is no clock. A single-pulse bit is 1 while the hooks of its write run. Something that counts or sets on a signal does so
 * once when that becomes active. {@code precedence} decides in {@link #writeWhileDriving} alone, where both ports act at once.
 *
 * <p>An access takes constant time and allocates nothing. Not safe for several threads: the caller serialises.
 */
public final class LiveRegisters {

    /** Wirings that feed each other would never come to rest; nothing sensible is nested deeper. */
    private static final int DEEPEST_WIRING = 64;

    private final Cells cells;
    private final Signals signals;
    private final long[] values;
    private final long[] spent;
    private final @Nullable ReadHook[] readHooks;
    private final @Nullable WriteHook[] writeHooks;
    private final @Nullable FieldHook[] modifyHooks;
    private final @Nullable FieldHook[] accessHooks;
    private final WiredField[][] wired;
    private final Follower[][] followers;
    private final @Nullable InterruptLine[] lines;
    private final ResetDomains domains;
    private final Wiring wiring;
    private int depth;

    /** Brings {@code map} to life, every field at its reset value. */
    public LiveRegisters(AddressMap map) {
        cells = new Cells(map);
        signals = new Signals();
        int count = cells.count();
        values = new long[count];
        spent = new long[count];
        readHooks = new ReadHook[count];
        writeHooks = new WriteHook[count];
        modifyHooks = new FieldHook[count];
        accessHooks = new FieldHook[count];
        wiring = new Wiring(this, cells, signals, values);
        wired = wiring.fields();
        followers = wiring.followers();
        lines = wiring.lines();
        domains = new ResetDomains(map, cells, values, spent);
        reset();
    }

    // ---- software's port

    /**
     * Reads as software does, with the side effects that the fields have.
     *
     * @param address the address, relative to the map
     * @param bytes   1, 2, 4 or 8
     * @return the value, zero-extended
     * @throws UnmappedRegisterException if no register takes such an access there
     */
    public long read(long address, int bytes) {
        int cell = cells.forRead(address, bytes);
        ReadHook hook = readHooks[cell];
        if (hook != null) {
            hook.beforeRead(cells.registerAddress(cell));
        }
        WordBehaviour behaviour = cells.behaviour(cell);
        int shift = cells.shift(cell, address);
        long lanes = lanes(bytes) << shift;
        int store = cells.store(cell);
        long value = values[store];
        long affected = (behaviour.clearOnRead | behaviour.setOnRead) & lanes;
        if (affected != 0) {
            change(store, value & ~(behaviour.clearOnRead & lanes) | behaviour.setOnRead & lanes);
        }
        notify(accessHooks[cell], cell, behaviour.softwareAccess & behaviour.readable & lanes);
        notify(modifyHooks[cell], cell, behaviour.softwareModify & affected);
        return ((value & behaviour.readable | cells.reservedOnes(cell)) & lanes) >>> shift;
    }

    /**
     * Writes as software does.
     *
     * @param address the address, relative to the map
     * @param bytes   1, 2, 4 or 8
     * @param value   the data; bits beyond {@code bytes} do not matter
     * @throws UnmappedRegisterException if no register takes such an access there
     */
    public void write(long address, int bytes, long value) {
        int cell = cells.forWrite(address, bytes);
        int shift = cells.shift(cell, address);
        long lanes = lanes(bytes) << shift;
        long data = value << shift & lanes;
        long enabled = enabledForSoftware(cell, lanes);
        int store = cells.store(cell);
        long old = values[store];
        finishWrite(cell, old, data, enabled, cells.behaviour(cell).written(old, data, enabled));
    }

    /**
     * A software write and hardware's drive in the same clock cycle: in a field that both change, {@code precedence} says who wins.
     *
     * @param address  the register's address, for both
     * @param bytes    4 or 8 or less, for both
     * @param written  what software writes
     * @param driven   what hardware drives
     * @throws UnmappedRegisterException if no register takes such an access there
     */
    public void writeWhileDriving(long address, int bytes, long written, long driven) {
        int cell = cells.forWrite(address, bytes);
        int shift = cells.shift(cell, address);
        long lanes = lanes(bytes) << shift;
        WordBehaviour behaviour = cells.behaviour(cell);
        long bySoftware = enabledForSoftware(cell, lanes);
        long byHardware = enabledForHardware(cell, lanes);
        int store = cells.store(cell);
        long old = values[store];
        long software = behaviour.written(old, written << shift & lanes, bySoftware);
        long hardware = drivenValue(cell, old, driven << shift & lanes, byHardware);
        long fromHardware = byHardware & (~bySoftware | behaviour.hardwareWins);
        finishWrite(cell, old, written << shift & lanes, bySoftware, hardware & fromHardware | software & ~fromHardware);
    }

    private void finishWrite(int cell, long old, long data, long enabled, long now) {
        WordBehaviour behaviour = cells.behaviour(cell);
        int store = cells.store(cell);
        change(store, now);
        notify(accessHooks[cell], cell, behaviour.softwareAccess & enabled);
        notify(modifyHooks[cell], cell, behaviour.softwareModify & enabled);
        WriteHook hook = writeHooks[cell];
        if (hook != null) {
            hook.afterWrite(cells.registerAddress(cell), old, data, now);
        }
        if ((behaviour.pulse & enabled) != 0) {
            change(store, values[store] & ~behaviour.pulse);
        }
    }

    private long enabledForSoftware(int cell, long lanes) {
        WordBehaviour behaviour = cells.behaviour(cell);
        long enabled = behaviour.writable & lanes;
        for (WiredField field : wired[cell]) {
            if (!field.takesSoftwareWrite()) {
                enabled &= ~field.mask;
            }
        }
        long once = behaviour.once & enabled;
        if (once != 0) {
            int store = cells.store(cell);
            enabled &= ~spent[store];
            spent[store] |= once;
        }
        return enabled;
    }

    // ---- hardware's port

    /**
     * The stored value, whoever may read it; no side effects.
     *
     * @throws UnmappedRegisterException if there is no register, or the access is wider than it
     */
    public long peek(long address, int bytes) {
        int cell = cells.forHardware(address, bytes);
        int shift = cells.shift(cell, address);
        return values[cells.store(cell)] >>> shift & lanes(bytes);
    }

    /**
     * Drives a register's fields as hardware does; see the class for what each kind of field makes of it. A field that hardware
     * cannot write keeps its value.
     *
     * @throws UnmappedRegisterException if there is no register, or the access is wider than it
     */
    public void drive(long address, int bytes, long value) {
        int cell = cells.forHardware(address, bytes);
        int shift = cells.shift(cell, address);
        long lanes = lanes(bytes) << shift;
        int store = cells.store(cell);
        long old = values[store];
        change(store, drivenValue(cell, old, value << shift & lanes, enabledForHardware(cell, lanes)));
    }

    /**
     * Sets stored bits, whatever {@code hw} says: for what no hardware of the description does, such as a fault injected by a test
     * or a value restored from elsewhere.
     *
     * @throws UnmappedRegisterException if there is no register, or the access is wider than it
     */
    public void poke(long address, int bytes, long value) {
        int cell = cells.forHardware(address, bytes);
        int shift = cells.shift(cell, address);
        long lanes = lanes(bytes) << shift & cells.behaviour(cell).bits;
        int store = cells.store(cell);
        change(store, values[store] & ~lanes | value << shift & lanes);
    }

    private long enabledForHardware(int cell, long lanes) {
        long enabled = cells.behaviour(cell).hardwareWritable & lanes;
        for (WiredField field : wired[cell]) {
            enabled &= field.takesHardwareWrite() | ~field.mask;
        }
        return enabled;
    }

    private long drivenValue(int cell, long old, long data, long enabled) {
        long now = cells.behaviour(cell).driven(old, data, enabled);
        for (WiredField field : wired[cell]) {
            WiredField.Interrupt interrupt = field.interrupt;
            if (interrupt != null && (field.mask & enabled) != 0) {
                long stored = old >>> field.low & field.ones;
                long arrived = interrupt.arrive(stored, data >>> field.low & field.ones) << field.low;
                now = now & ~(field.mask & enabled) | arrived & field.mask & enabled;
            }
        }
        return now;
    }

    /** Asserts the {@code hwset} pins of the fields that {@code mask} touches, given at its place in the register. */
    public void set(long address, long mask) {
        int cell = cells.forHardware(address, 1);
        int store = cells.store(cell);
        change(store, values[store] | mask & cells.behaviour(cell).hardwareSet & unlocked(cell));
    }

    /** Asserts the {@code hwclr} pins of the fields that {@code mask} touches, given at its place in the register. */
    public void clear(long address, long mask) {
        int cell = cells.forHardware(address, 1);
        int store = cells.store(cell);
        change(store, values[store] & ~(mask & cells.behaviour(cell).hardwareClear & unlocked(cell)));
    }

    private long unlocked(int cell) {
        long open = -1L;
        for (WiredField field : wired[cell]) {
            open &= field.bitsUnlocked() | ~field.mask;
        }
        return open;
    }

    // ---- counters

    /**
     * Lets a counter field count up once, by its {@code incrvalue}.
     *
     * @throws IllegalArgumentException if the register has no such counter
     */
    public void increment(long address, String field) {
        WiredField counter = wiring.counter(address, field);
        count(counter, true);
    }

    /**
     * Lets a counter field count down once, by its {@code decrvalue}.
     *
     * @throws IllegalArgumentException if the register has no such counter
     */
    public void decrement(long address, String field) {
        count(wiring.counter(address, field), false);
    }

    void count(WiredField field, boolean up) {
        Counter counter = Objects.requireNonNull(field.counter);
        long value = values[field.cell] >>> field.low & field.ones;
        long next = up ? counter.incremented(value) : counter.decremented(value);
        long open = field.bitsUnlocked();
        change(field.cell, values[field.cell] & ~open | next << field.low & open);
    }

    // ---- signals

    /**
     * Puts a signal at a level. Signals have dotted paths below the map; the pin of a property that is a mere flag is called
     * {@code register.field->property}.
     *
     * @throws IllegalArgumentException if nothing in the map listens to such a signal
     */
    public void signal(String path, long level) {
        int id = signals.find(path);
        if (id < 0) {
            throw new IllegalArgumentException("nothing in the map listens to a signal '" + path + "'");
        }
        signals.level(id, level);
        wiring.signalChanged(id);
    }

    /** One clock cycle of a signal: to 1, and back to 0. */
    public void pulse(String path) {
        signal(path, 1);
        signal(path, 0);
    }

    // ---- resets

    /** Power-on: every field that has a reset value takes it, whatever its domain; first writes are free again. */
    public void reset() {
        domains.resetAll();
        wiring.resetInputs();
        settle();
    }

    /**
     * A reset by one signal: fields whose {@code resetsignal} it is take their reset values, and no others. The map's default reset
     * (its signal with {@code field_reset}, else the one with {@code cpuif_reset}; without either, any name that no
     * {@code resetsignal} refers to) also resets the fields that name none.
     *
     * @param signal the signal's name
     */
    public void reset(String signal) {
        domains.reset(signal);
        settle();
    }

    private void settle() {
        wiring.applyReferencedResets();
        wiring.settle();
    }

    // ---- hooks

    /** Calls {@code hook} before every software read of the register at {@code address}. */
    public void beforeRead(long address, ReadHook hook) {
        cells.cellsOf(address).forEach(cell -> readHooks[cell] = hook);
    }

    /** Calls {@code hook} after every software write to the register at {@code address}. */
    public void afterWrite(long address, WriteHook hook) {
        cells.cellsOf(address).forEach(cell -> writeHooks[cell] = hook);
    }

    /** Calls {@code hook} when software modifies a field with {@code swmod} of the register at {@code address}. */
    public void onModify(long address, FieldHook hook) {
        cells.cellsOf(address).forEach(cell -> modifyHooks[cell] = hook);
    }

    /** Calls {@code hook} when software reads or writes a field with {@code swacc} of the register at {@code address}. */
    public void onAccess(long address, FieldHook hook) {
        cells.cellsOf(address).forEach(cell -> accessHooks[cell] = hook);
    }

    /**
     * Calls {@code hook} when the interrupt output of the register at {@code address} changes.
     *
     * @throws IllegalArgumentException if the register has no interrupt field
     */
    public void onInterrupt(long address, LevelHook hook) {
        line(address).hook(hook);
    }

    /**
     * Calls {@code hook} when the halt output of the register at {@code address} changes.
     *
     * @throws IllegalArgumentException if the register has no interrupt field
     */
    public void onHalt(long address, LevelHook hook) {
        line(address).haltHook(hook);
    }

    /**
     * The level of the register's interrupt output.
     *
     * @throws IllegalArgumentException if the register has no interrupt field
     */
    public boolean interruptLevel(long address) {
        return line(address).level();
    }

    private InterruptLine line(long address) {
        InterruptLine line = lines[cells.store(cells.forHardware(address, 1))];
        if (line == null) {
            throw new IllegalArgumentException("the register at 0x" + Long.toHexString(address) + " has no interrupt field");
        }
        return line;
    }

    private void notify(@Nullable FieldHook hook, int cell, long mask) {
        if (hook != null && mask != 0) {
            hook.fieldsAccessed(cells.registerAddress(cell), mask);
        }
    }

    // ---- change

    /** Stores a value, and lets everything know that follows it. */
    void change(int store, long now) {
        if (values[store] == now) {
            return;
        }
        values[store] = now;
        Follower[] following = followers[store];
        if (following.length > 0 && depth < DEEPEST_WIRING) {
            depth++;
            for (Follower follower : following) {
                follower.sourceChanged();
            }
            depth--;
        }
    }

    private static long lanes(int bytes) {
        return bytes >= 8 ? -1L : (1L << bytes * 8) - 1;
    }
}
