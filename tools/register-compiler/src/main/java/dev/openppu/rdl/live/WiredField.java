package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Field;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One instance of a field whose behaviour depends on more than the access: on other fields, on signals, on what came before. */
final class WiredField implements Follower {

    final Field field;
    final FieldBits bits;
    final WiredPart[] parts;
    final @Nullable InterruptInput input;
    @Nullable
    Source writeEnable;
    @Nullable
    Source writeDisable;
    @Nullable
    Source loadEnable;
    @Nullable
    Source loadDisable;
    @Nullable
    Source bitEnable;
    @Nullable
    Source bitDisable;
    @Nullable
    Source next;
    @Nullable
    Source setWhile;
    @Nullable
    Source clearWhile;
    @Nullable
    Source reset;
    @Nullable
    Counter counter;
    private final Propagation propagation;
    private final Map<String, SignalLine> pins = HashMap.newHashMap(0);

    WiredField(Field field, FieldBits bits, Propagation propagation) {
        this.field = field;
        this.bits = bits;
        this.propagation = propagation;
        this.input = InterruptInput.of(field);
        this.parts = new WiredPart[bits.spans().length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new WiredPart(this, bits.spans()[i]);
        }
    }

    /** The wire of an input that the map infers, or of a strobe. */
    SignalLine pin(String property) {
        return pins.computeIfAbsent(property, _ -> new SignalLine());
    }

    /** That wire, if anything has asked for it; null otherwise. */
    @Nullable
    SignalLine findPin(String property) {
        return pins.get(property);
    }

    boolean takesSoftwareWrite() {
        return (writeEnable == null || writeEnable.isOn()) && (writeDisable == null || !writeDisable.isOn());
    }

    boolean loadIsOn() {
        return (loadEnable == null || loadEnable.isOn()) && (loadDisable == null || !loadDisable.isOn());
    }

    /** Whether something acts on the field as long as it is active, or feeds it all the time. */
    boolean hasInputs() {
        return next != null || setWhile != null || clearWhile != null;
    }

    /**
     * Its inputs, or its own value, may have changed: what is active acts on it. Of set and clear together, set wins, as the last.
     */
    @Override
    public void sourceChanged() {
        for (WiredPart part : parts) {
            long stored = part.span.cell().value;
            long value = fed(part, stored);
            if (clearWhile != null && clearWhile.isOn()) {
                value &= ~part.unlocked();
            }
            if (setWhile != null && setWhile.isOn()) {
                value |= part.unlocked();
            }
            propagation.change(part.span.cell(), value);
        }
    }

    private long fed(WiredPart part, long value) {
        if (next == null) {
            return value;
        }
        long open = part.takesHardwareWrite();
        long fed = next.bits(part.span.from()) << part.span.low();
        long taken = input == null ? fed : part.arrive(value, fed, input);
        return value & ~open | taken & open;
    }

    /** Forgets the input that edges are measured against, and takes the reset value that comes from elsewhere, if it does. */
    void reset() {
        for (WiredPart part : parts) {
            part.forgetInput();
            if (reset != null) {
                Cell cell = part.span.cell();
                cell.value = cell.value & ~part.span.mask() | reset.bits(part.span.from()) << part.span.low() & part.span.mask();
                cell.spent &= ~part.span.mask();
            }
        }
    }
}
