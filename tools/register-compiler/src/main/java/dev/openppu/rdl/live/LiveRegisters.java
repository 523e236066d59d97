package dev.openppu.rdl.live;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Signal;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import dev.openppu.rdl.path.PathException;
import java.util.function.Consumer;

/**
 * An elaborated map that behaves: software reads and writes it through one port, hardware through the other, and every field does
 * what its properties say.
 *
 * <p><b>Software's port</b> ({@link #read}, {@link #write}) takes accesses from a register's access width up to its width (64 bits
 * at most at a time), aligned; everything else is an {@link UnmappedRegisterException}. Bits that software cannot read come as 0. A
 * register wider than its accesses is read and written piece by piece, and <i>each access acts on the bits that it covers</i>, when
 * it covers them: side effects, strobes, write-once and locks alike. (The standard keeps descriptions to that: 10.6.1 wants a field
 * that software can write, or whose read changes it, within one piece.) In a {@code bigendian} map the lowest address has a
 * register's most significant byte. Memories take any aligned access of 1 to 8 bytes; what was never written is 0 and costs nothing;
 * virtual registers over them behave as registers.
 *
 * <p><b>Hardware's port</b> ({@link #peek}, {@link #drive}) has no side effects of reads; {@link #drive} is one clock cycle with
 * these values at the inputs of the fields that {@code hw} lets it write: a plain field takes the driven bits; one with {@code we}
 * or {@code wel} takes them while what it refers to lets it (as a mere flag, {@code drive} itself is the load); one with an
 * {@code hwset} flag is set by ones and keeps its bits on zeros, one with {@code hwclr} is cleared by zeros and keeps them on ones,
 * so that driving both ways needs both; {@code hwenable} and {@code hwmask} hold single bits back; an interrupt or sticky field sees
 * its input line: level or edge, and held as it is declared.
 *
 * <p><b>Wires.</b> What the map itself connects is always connected: a field follows its {@code next} and does what its
 * {@code hwset} and {@code hwclr} refer to as long as that is active, so that software clears a level interrupt in vain while its
 * cause lasts. Of set and clear together, set wins. Signals begin inactive.
 *
 * <p><b>There is no clock.</b> A single-pulse bit is 1 while the hooks of its write run, strobes ({@code swmod}, {@code swacc},
 * {@code overflow}, {@code underflow}) are seen by what refers to them and gone. Something that counts on a wire does so once when
 * that becomes active. {@code precedence} decides in {@link #writeWhileDriving} alone, where both ports act at once.
 *
 * <p>An element of an array comes into being when it is first used: a map costs what is used of it. An access takes constant time
 * and, from a register's second access on, allocates nothing. Not safe for several threads: the caller serialises.
 */
public final class LiveRegisters {

    private final Blueprint blueprint;
    private final Locator locator;
    private final Signals signals = new Signals();
    private final Wiring wiring;
    private final Registers registers;
    private final SoftwarePort software;
    private final HardwarePort hardware;
    private final LivePaths paths;
    private LevelHook everyInterrupt = (address, level) -> {};

    /**
     * Brings {@code map} to life, every field at its reset value.
     *
     * @throws IllegalArgumentException if more than 1,048,576 registers of it follow others by their properties: what follows has to
     *                                  be there from the start
     */
    public LiveRegisters(AddressMap map) {
        this(new Blueprint(map));
    }

    /** The same as others of {@code blueprint}, every field at its reset value. */
    public LiveRegisters(Blueprint blueprint) {
        this.blueprint = blueprint;
        locator = blueprint.locator();
        Propagation propagation = new Propagation();
        wiring = new Wiring(blueprint, signals, propagation, (address, level) -> everyInterrupt.levelChanged(address, level));
        registers = new Registers(locator, wiring.cells());
        wiring.onBirth(registers::attach);
        software = new SoftwarePort(registers, propagation);
        hardware = new HardwarePort(registers, propagation);
        paths = new LivePaths(locator, wiring, hardware);
        blueprint.following().forEach(wiring.cells()::of);
    }

    /** Finds the map's nodes by path and address. */
    public Locator locator() {
        return locator;
    }

    /** Hardware's port by path, for values of any width. */
    public LivePaths paths() {
        return paths;
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
        return software.read(address, bytes);
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
        software.write(address, bytes, value);
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
        software.writeWhileDriving(address, bytes, written, driven, hardware);
    }

    // ---- hardware's port

    /**
     * The stored value, whoever may read it; no side effects.
     *
     * @throws UnmappedRegisterException if there is no register, or the access is wider than it
     */
    public long peek(long address, int bytes) {
        return hardware.peek(address, bytes);
    }

    /**
     * Drives a register's fields as hardware does; see the class for what each kind of field makes of it. A field that hardware
     * cannot write keeps its value.
     *
     * @throws UnmappedRegisterException if there is no register, or the access is wider than it
     */
    public void drive(long address, int bytes, long value) {
        hardware.drive(address, bytes, value);
    }

    /**
     * Sets stored bits, whatever {@code hw} says: for what no hardware of the description does, such as a fault injected by a test
     * or a value restored from elsewhere.
     *
     * @throws UnmappedRegisterException if there is no register, or the access is wider than it
     */
    public void poke(long address, int bytes, long value) {
        hardware.poke(address, bytes, value);
    }

    /** Asserts the {@code hwset} pins of the fields that {@code mask} touches, given at its place in the register. */
    public void set(long address, long mask) {
        hardware.set(address, mask);
    }

    /** Asserts the {@code hwclr} pins of the fields that {@code mask} touches, given at its place in the register. */
    public void clear(long address, long mask) {
        hardware.clear(address, mask);
    }

    // ---- counters

    /**
     * Lets a counter field count up once, by its {@code incrvalue}.
     *
     * @throws IllegalArgumentException if the register has no such counter
     */
    public void increment(long address, String field) {
        hardware.counter(address, field).increment();
    }

    /**
     * Lets a counter field count down once, by its {@code decrvalue}.
     *
     * @throws IllegalArgumentException if the register has no such counter
     */
    public void decrement(long address, String field) {
        hardware.counter(address, field).decrement();
    }

    // ---- signals

    /**
     * Puts a wire at a level: a signal, by its path ({@code top.block[2].tick}), or the input that the map infers for a property that
     * is a mere flag ({@code top.block[2].reg.field->hwset}, so for {@code swwe}, {@code hwset}, {@code hwclr}, {@code incr} and the
     * like, and {@code incrvalue} of a counter with {@code incrwidth}; of {@code we} and {@code wel}, that decides from then on). A signal that resets does so when it becomes active.
     *
     * @throws PathException if there is no such signal, or the field has no such input
     */
    public void signal(String path, long level) {
        int arrow = path.indexOf("->");
        if (arrow >= 0) {
            inferredInput(path, path.substring(0, arrow).strip(), path.substring(arrow + 2).strip()).level(level);
            return;
        }
        LocatedNode node = locator.find(path);
        if (!(node.node() instanceof Signal signal)) {
            throw new PathException("'" + path + "' is no signal");
        }
        SignalLine line = signals.of(node);
        boolean before = line.isOn();
        line.level(level);
        if (!before && line.isOn() && blueprint.resets().isReset(signal)) {
            reset(node.path());
        }
    }

    private SignalLine inferredInput(String path, String fieldPath, String property) {
        LocatedNode node = locator.find(fieldPath);
        LocatedNode register = node.register();
        SignalLine line = node.node() instanceof Field field && register != null
                ? wiring.inferredInput(register, field, property)
                : null;
        if (line == null) {
            throw new PathException("'" + path + "': there is no such input");
        }
        return line;
    }

    /** One clock cycle of a wire: active, and back. */
    public void pulse(String path) {
        int arrow = path.indexOf("->");
        LocatedNode node = arrow < 0 ? locator.find(path) : null;
        boolean activeLow = node != null && node.node().properties().is("activelow");
        signal(path, activeLow ? 0 : 1);
        signal(path, activeLow ? -1 : 0);
    }

    // ---- resets

    /** Power-on: every field that has a reset value takes it, whatever its domain; first writes are free again; memories are 0. */
    public void reset() {
        wiring.domains().resetAll();
        for (MemoryPort memory : registers.memories.all()) {
            memory.forget();
        }
        wiring.powerOn();
    }

    /**
     * A reset by one signal: fields whose {@code resetsignal} it is take their reset values, and no others. The map's default reset
     * (its signal with {@code field_reset}, else the one with {@code cpuif_reset}; without either, any name that no
     * {@code resetsignal} refers to) also resets the fields that name none, but for those around which a signal with
     * {@code field_reset} or {@code cpuif_reset} stands in a register or block nearer by: that is theirs.
     *
     * @param signal the signal's name, or its path where several have that name
     */
    public void reset(String signal) {
        wiring.domains().reset(signal);
        wiring.reset(signal);
    }

    // ---- hooks

    /** Calls {@code hook} before every software read of the register at {@code address}. */
    public void beforeRead(long address, ReadHook hook) {
        hooks(address, hooks -> hooks.beforeRead = hook);
    }

    /** Calls {@code hook} after every software write to the register at {@code address}. */
    public void afterWrite(long address, WriteHook hook) {
        hooks(address, hooks -> hooks.afterWrite = hook);
    }

    /** Calls {@code hook} when software modifies a field with {@code swmod} of the register at {@code address}. */
    public void onModify(long address, FieldHook hook) {
        hooks(address, hooks -> hooks.modify = hook);
    }

    /** Calls {@code hook} when software reads or writes a field with {@code swacc} of the register at {@code address}. */
    public void onAccess(long address, FieldHook hook) {
        hooks(address, hooks -> hooks.access = hook);
    }

    /** Lets {@code hook} say what a software read does to the {@code ruser} fields of the register at {@code address}. */
    public void onUserRead(long address, UserReadHook hook) {
        hooks(address, hooks -> hooks.userRead = hook);
    }

    /** Lets {@code hook} say what a software write makes of the {@code wuser} fields of the register at {@code address}. */
    public void onUserWrite(long address, UserWriteHook hook) {
        hooks(address, hooks -> hooks.userWrite = hook);
    }

    private void hooks(long address, Consumer<Hooks> change) {
        for (Cell[] cells : registers.registersAt(address)) {
            for (Cell cell : cells) {
                change.accept(cell.hooks());
            }
        }
    }

    /**
     * Puts something else in the place of a register, a block or a memory: software's accesses to it go there. The map still says
     * which accesses are taken. Meant for what is {@code external}, and allowed for all.
     *
     * @param path one element, where it is an array
     * @throws PathException if there is nothing of that path that has addresses
     */
    public void attach(String path, ExternalRegisters device) {
        LocatedNode node = locator.find(path);
        if (!(node.node() instanceof Addressable addressable)) {
            throw new PathException("'" + path + "' has no addresses of its own");
        }
        registers.attach(node, addressable.elementSize(), device);
    }

    /**
     * Calls {@code hook} when the interrupt output of the register at {@code address} changes.
     *
     * @throws IllegalArgumentException if the register has no interrupt field
     */
    public void onInterrupt(long address, LevelHook hook) {
        hardware.line(address).hook(hook);
    }

    /**
     * Calls {@code hook} when the halt output of the register at {@code address} changes.
     *
     * @throws IllegalArgumentException if the register has no interrupt field
     */
    public void onHalt(long address, LevelHook hook) {
        hardware.line(address).haltHook(hook);
    }

    /**
     * The level of the register's interrupt output.
     *
     * @throws IllegalArgumentException if the register has no interrupt field
     */
    public boolean interruptLevel(long address) {
        return hardware.line(address).level();
    }

    /** Calls {@code hook} when the interrupt output of any register changes, besides the hooks of single registers. */
    public void onInterrupts(LevelHook hook) {
        everyInterrupt = hook;
    }
}
