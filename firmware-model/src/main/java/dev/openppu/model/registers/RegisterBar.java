package dev.openppu.model.registers;

import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.rdl.live.LiveRegisters;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The registers of one BAR, driven from the compiled map. Software's port is this trap; hardware's port is {@link #hardware}.
 *
 * <p>Software that reads where nothing is, or in another width than the register's, gets zero, and its writes go nowhere; {@link Violations} is told. A
 * register of a block that the device lacks reads zero and ignores writes. Used under the device's exclusion.
 */
public final class RegisterBar implements MmioTrap {
    private final LiveRegisters live;
    private final RegisterMap map;
    private final boolean[] absent;
    private final Violations violations;
    private final long size;
    private final Map<Long, Runnable> driven = new HashMap<>();
    /** By word: what is yet to be tied to a register, which comes into being only when somebody uses it. */
    private final @Nullable Runnable[] ties;

    /** Learns of accesses that hit no register. */
    public interface Violations {
        /** Nothing is at this offset. */
        void noRegister(long offset);

        /** The register at this offset has another width. */
        void otherWidth(long offset);
    }

    /** Software wrote a register. */
    public interface Written {
        /** @param value of the register */
        void written(long value);
    }

    /**
     * @param map compiled
     * @param size bytes of the BAR
     */
    public RegisterBar(RegisterMap map, long size, Violations violations) {
        this.live = map.bringToLife();
        this.map = map;
        this.absent = new boolean[map.words()];
        this.ties = new Runnable[map.words()];
        this.violations = violations;
        this.size = size;
    }

    /** The hardware's port: reads show the value, writes set what hardware may set. */
    public Mmio hardware() {
        return new TrappedMmio(new MmioTrap() {
            @Override
            public long read(long offset, int bytes) {
                return live.peek(offset, bytes);
            }

            @Override
            public void write(long offset, int bytes, long value) {
                live.drive(offset, bytes, value);
                Runnable then = driven.get(offset);
                if (then != null) {
                    then.run();
                }
            }
        }, size);
    }

    /** Calls {@code then} with the new value, single pulses included, after each software write to the register at {@code address}. */
    public void onWrite(long address, Written then) {
        tie(address, () -> live.afterWrite(address, (at, before, written, after) -> then.written(after)));
    }

    /** Calls {@code then} after each hardware write to the register at {@code address}. */
    public void onDrive(long address, Runnable then) {
        driven.put(address, then);
    }

    /** Has the register at {@code address}, of {@code bytes}, driven with a fresh value before software reads it. */
    public void beforeRead(long address, int bytes, LongSupplier value) {
        tie(address, () -> live.beforeRead(address, at -> live.drive(address, bytes, value.getAsLong())));
    }

    private void tie(long address, Runnable hook) {
        int word = RegisterMap.word(address);
        Runnable first = ties[word];
        ties[word] = first == null ? hook : () -> {
            first.run();
            hook.run();
        };
    }

    private void tieNow(long address) {
        int word = RegisterMap.word(address);
        Runnable hook = ties[word];
        if (hook != null) {
            ties[word] = null;
            hook.run();
        }
    }

    /** Says whether the device lacks the registers of a range. */
    public void markAbsent(long from, long bytes, boolean lacking) {
        Arrays.fill(absent, RegisterMap.word(from), RegisterMap.word(from + bytes + RegisterMap.WORD - 1), lacking);
    }

    /** Power-on: every field. */
    public void powerOn() {
        live.reset();
    }

    /** Any other reset: the fields of this reset signal, and those without one of their own if it is the map's default. */
    public void reset(String signal) {
        live.reset(signal);
    }

    /** The register's name in the map; empty if there is none. */
    public String name(long offset) {
        return map.name(offset);
    }

    /** Bytes of the register that begins at an offset, 0 if none does. */
    public int width(long offset) {
        return map.width(offset);
    }

    @Override
    public long read(long offset, int bytes) {
        return legal(offset, bytes) ? live.read(offset, bytes) : 0;
    }

    @Override
    public void write(long offset, int bytes, long value) {
        if (legal(offset, bytes)) {
            live.write(offset, bytes, value);
        }
    }

    private boolean legal(long offset, int bytes) {
        if (map.width(offset) == bytes) {
            tieNow(offset);
            return !absent[RegisterMap.word(offset)];
        }
        if (map.name(offset).isEmpty()) {
            violations.noRegister(offset);
        } else {
            violations.otherWidth(offset);
        }
        return false;
    }
}
