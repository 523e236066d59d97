package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.path.LocatedNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connects fields with what their properties refer to, each register when it comes into being. */
final class Wiring implements Cells.Birth {

    private final Cells cells;
    private final Inputs inputs;
    private final Propagation propagation;
    private final ResetDomains domains;
    private final LevelHook everyInterrupt;
    private final List<WiredField> fields = new ArrayList<>();
    private final List<InterruptLine> lines = new ArrayList<>();
    private Consumer<Cell> onBirth = cell -> {};

    Wiring(Blueprint blueprint, Signals signals, Propagation propagation, LevelHook everyInterrupt) {
        this.propagation = propagation;
        this.everyInterrupt = everyInterrupt;
        this.cells = new Cells(blueprint, this);
        this.inputs = new Inputs(blueprint.locator(), cells, signals, this);
        this.domains = new ResetDomains(blueprint, cells, inputs);
    }

    Cells cells() {
        return cells;
    }

    ResetDomains domains() {
        return domains;
    }

    /** Hands every cell that comes into being to {@code action}. */
    void onBirth(Consumer<Cell> action) {
        onBirth = action;
    }

    // ---- birth

    @Override
    public void register(LocatedNode register, RegisterBehaviour behaviour, Cell[] own) {
        boolean alias = own[0].store != own[0];
        for (Cell cell : own) {
            onBirth.accept(cell);
            if (!alias) {
                ResetDomains.powerOn(cell);
            }
        }
        List<WiredField> born = new ArrayList<>();
        for (Field field : behaviour.dependent) {
            born.add(create(field, own));
        }
        if (alias) {
            born.forEach(wired -> connectLocks(register, wired));
            return;
        }
        if (behaviour.dependent.stream().anyMatch(Field::isInterrupt)) {
            own[0].line = new InterruptLine(register.address(), everyInterrupt);
            lines.add(own[0].line);
        }
        born.forEach(wired -> connect(register, wired, own[0]));
        born.forEach(WiredField::reset);
        born.forEach(WiredField::sourceChanged);
        if (own[0].line != null) {
            own[0].line.sourceChanged();
        }
    }

    private WiredField create(Field field, Cell[] own) {
        WiredField wired = new WiredField(field, new FieldBits(field, stores(own)), propagation);
        for (int i = 0; i < wired.parts.length; i++) {
            Cell cell = own[field.low() / 64 + i];
            cell.wired = Arrays.copyOf(cell.wired, cell.wired.length + 1);
            cell.wired[cell.wired.length - 1] = wired.parts[i];
        }
        fields.add(wired);
        return wired;
    }

    private static Cell[] stores(Cell[] cells) {
        return Arrays.stream(cells).map(cell -> cell.store).toArray(Cell[]::new);
    }

    /** The stored bits of {@code field} in {@code register}. */
    FieldBits bits(LocatedNode register, Field field) {
        return new FieldBits(field, stores(cells.of(register)));
    }

    /** The wired instance of {@code field} in {@code register}; made one where it was not. */
    WiredField field(LocatedNode register, Field field) {
        Cell[] own = cells.of(register);
        for (WiredPart part : own[field.low() / 64].wired) {
            if (part.field.field == field) {
                return part.field;
            }
        }
        return create(field, own);
    }

    /** The wire on which software's accesses to a field show. */
    SignalLine strobe(LocatedNode register, Field field, String property) {
        WiredField wired = field(register, field);
        for (int i = 0; i < wired.parts.length; i++) {
            cells.of(register)[field.low() / 64 + i].hooks().strobes = true;
        }
        return wired.pin(property);
    }

    // ---- connections

    private void connectLocks(LocatedNode register, WiredField wired) {
        wired.writeEnable = inputs.of(register, wired.field, "swwe");
        wired.writeDisable = inputs.of(register, wired.field, "swwel");
    }

    private void connect(LocatedNode register, WiredField wired, Cell first) {
        Field field = wired.field;
        connectLocks(register, wired);
        wired.next = inputs.reference(register, field, "next");
        // Without a source of its own, driving is loading.
        wired.loadEnable = wired.next == null ? inputs.reference(register, field, "we") : inputs.of(register, field, "we");
        wired.loadDisable = wired.next == null ? inputs.reference(register, field, "wel") : inputs.of(register, field, "wel");
        wired.bitEnable = inputs.reference(register, field, "hwenable");
        wired.bitDisable = inputs.reference(register, field, "hwmask");
        wired.setWhile = inputs.reference(register, field, "hwset");
        wired.clearWhile = inputs.reference(register, field, "hwclr");
        wired.reset = inputs.reference(register, field, "reset");
        if (field.isInterrupt() && first.line != null) {
            connectInterrupt(register, wired, first.line);
        }
        if (field.isCounter()) {
            connectCounter(register, wired);
        }
        if (wired.hasInputs()) {
            followInputs(wired);
        }
    }

    private static void followInputs(WiredField wired) {
        for (Source source : new Source[]{wired.next, wired.loadEnable, wired.loadDisable, wired.bitEnable, wired.bitDisable,
            wired.setWhile, wired.clearWhile}) {
            if (source != null) {
                source.follow(wired);
            }
        }
        Propagation.follow(wired.bits, wired);
    }

    private void connectInterrupt(LocatedNode register, WiredField wired, InterruptLine line) {
        Field field = wired.field;
        line.add(new InterruptLine.Contribution(wired.bits, gate(register, field, "enable", line), gate(register, field, "mask", line),
                gate(register, field, "haltenable", line), gate(register, field, "haltmask", line)));
        Propagation.follow(wired.bits, line);
    }

    private @Nullable Source gate(LocatedNode register, Field field, String property, InterruptLine line) {
        Source source = inputs.reference(register, field, property);
        if (source != null) {
            source.follow(line);
        }
        return source;
    }

    private void connectCounter(LocatedNode register, WiredField wired) {
        Field field = wired.field;
        Counter counter = new Counter(wired, propagation, amount(register, wired, "incrvalue", "incrwidth"),
                amount(register, wired, "decrvalue", "decrwidth"),
                inputs.limit(register, field, "saturate", "incrsaturate", field.ones()),
                inputs.limit(register, field, "decrsaturate", "decrsaturate", BigInteger.ZERO));
        wired.counter = counter;
        countOn(inputs.reference(register, field, "incr"), counter::increment);
        countOn(inputs.reference(register, field, "decr"), counter::decrement);
    }

    private Source amount(LocatedNode register, WiredField wired, String value, String width) {
        if (wired.field.properties().has(width)) {
            return wired.pin(value);
        }
        Source source = inputs.of(register, wired.field, value);
        return source == null ? new Source.Constant(BigInteger.ONE) : source;
    }

    /** Counts each time that {@code source} becomes active. */
    private static void countOn(@Nullable Source source, Runnable count) {
        if (source == null) {
            return;
        }
        source.follow(new Follower() {
            private boolean active = source.isOn();

            @Override
            public void sourceChanged() {
                boolean now = source.isOn();
                boolean rising = now && !active;
                active = now;
                if (rising) {
                    count.run();
                }
            }
        });
    }

    /**
     * The wire of an input that the map infers for a field, such as {@code hwset} as a mere flag; null where it infers none.
     *
     * @param register the field's register
     */
    @Nullable
    SignalLine inferredInput(LocatedNode register, Field field, String property) {
        WiredField wired = field(register, field);
        SignalLine present = wired.findPin(property);
        boolean referred = field.properties().reference(property) != null;
        if (present != null || referred) {
            return present;
        }
        return switch (property) {
            case "hwset", "hwclr" -> field.properties().is(property) ? actingPin(wired, property) : null;
            case "we", "wel" -> field.properties().is(property) ? loadPin(wired, property) : null;
            case "incr", "decr" -> wired.counter == null ? null : countingPin(wired, wired.counter, property);
            default -> null;
        };
    }

    private static SignalLine actingPin(WiredField wired, String property) {
        SignalLine pin = wired.pin(property);
        if (property.equals("hwset")) {
            wired.setWhile = pin;
        } else {
            wired.clearWhile = pin;
        }
        pin.follow(wired);
        Propagation.follow(wired.bits, wired);
        return pin;
    }

    /** From now on the wire says when driving loads. */
    private static SignalLine loadPin(WiredField wired, String property) {
        SignalLine pin = wired.pin(property);
        if (property.equals("we")) {
            wired.loadEnable = pin;
        } else {
            wired.loadDisable = pin;
        }
        return pin;
    }

    private static SignalLine countingPin(WiredField wired, Counter counter, String property) {
        SignalLine pin = wired.pin(property);
        countOn(pin, property.equals("incr") ? counter::increment : counter::decrement);
        return pin;
    }

    // ---- resets

    /** After power-on: all fields take the values that come from elsewhere, and everything looks again at what it follows. */
    void powerOn() {
        fields.forEach(WiredField::reset);
        settle();
    }

    /** As {@link #powerOn}, for the fields that {@code signal} resets. */
    void reset(String signal) {
        for (WiredField field : fields) {
            if (domains.resets(signal, field.bits.spans()[0].cell(), field.field.properties().reference("resetsignal"))) {
                field.reset();
            }
        }
        settle();
    }

    private void settle() {
        for (int i = 0; i < fields.size(); i++) {
            fields.get(i).sourceChanged();
        }
        for (int i = 0; i < lines.size(); i++) {
            lines.get(i).sourceChanged();
        }
    }
}
