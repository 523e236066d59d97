package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Connects fields with what their properties refer to, for every instance. */
final class Wiring {

    private static final Set<String> SPECIAL = Set.of("swwe", "swwel", "we", "wel", "hwenable", "hwmask", "hwset", "hwclr", "intr",
            "counter", "next", "reset");

    private static final WiredField[] NO_FIELDS = {};
    private static final Follower[] NO_FOLLOWERS = {};

    private final LiveRegisters registers;
    private final Cells cells;
    private final long[] values;
    private final References references;
    private final WiredField[][] fields;
    private final Follower[][] followers;
    private final @Nullable InterruptLine[] lines;
    private final List<List<Follower>> signalFollowers = new ArrayList<>();
    private final List<ReferencedReset> referencedResets = new ArrayList<>();
    private final IdentityHashMap<Register, Boolean> special = new IdentityHashMap<>();
    private final IdentityHashMap<WiredField, Field> modelOf = new IdentityHashMap<>();

    /** A reset value that is taken from elsewhere. */
    private record ReferencedReset(WiredField field, Source source) {}

    Wiring(LiveRegisters registers, Cells cells, Signals signals, long[] values) {
        this.registers = registers;
        this.cells = cells;
        this.values = values;
        this.fields = new WiredField[cells.count()][];
        this.followers = new Follower[cells.count()][];
        Arrays.fill(fields, NO_FIELDS);
        Arrays.fill(followers, NO_FOLLOWERS);
        this.lines = new InterruptLine[cells.count()];
        this.references = new References(cells, signals, values, this);
        for (int cell = 0; cell < cells.count(); cell++) {
            createFields(cell);
        }
        for (int cell = 0; cell < cells.count(); cell++) {
            for (WiredField field : fields[cell]) {
                connect(cell, field, Objects.requireNonNull(modelOf.get(field)));
            }
        }
    }

    WiredField[][] fields() {
        return fields;
    }

    Follower[][] followers() {
        return followers;
    }

    @Nullable
    InterruptLine[] lines() {
        return lines;
    }

    // ---- which fields need it

    private static boolean isSpecial(Field field) {
        return field.properties().values().entrySet().stream().anyMatch(entry -> SPECIAL.contains(entry.getKey())
                && !(entry.getKey().equals("reset") && entry.getValue() instanceof Value.Num));
    }

    private void createFields(int cell) {
        WordBehaviour behaviour = cells.behaviour(cell);
        if (!special.computeIfAbsent(behaviour.register, register -> register.fields().stream().anyMatch(Wiring::isSpecial))) {
            return;
        }
        List<WiredField> here = new ArrayList<>();
        int store = cells.store(cell);
        for (Field field : behaviour.register.fields()) {
            int low = field.low() - behaviour.firstBit;
            if (isSpecial(field) && low >= 0 && low + field.width() <= 64) {
                WiredField wired = new WiredField(store, low, field.width());
                modelOf.put(wired, field);
                here.add(wired);
                if (field.isInterrupt()) {
                    lines[store] = lines[store] == null ? new InterruptLine(cells.registerAddress(store)) : lines[store];
                }
                if (field.isCounter()) {
                    wired.counter = counter(cell, field, wired);
                }
            }
        }
        if (!here.isEmpty()) {
            fields[cell] = here.toArray(WiredField[]::new);
        }
    }

    /** The wired counter called {@code name} of the register at {@code address}. */
    WiredField counter(long address, String name) {
        for (WiredField field : fields[cells.forHardware(address, 1)]) {
            if (field.counter != null && Objects.requireNonNull(modelOf.get(field)).name().equals(name)) {
                return field;
            }
        }
        throw new IllegalArgumentException("the register at 0x" + Long.toHexString(address) + " has no counter '" + name + "'");
    }

    /** The wired instance of {@code field} in {@code cell}, or null. */
    @Nullable
    WiredField wiredField(int cell, Field field) {
        return Arrays.stream(fields[cell]).filter(wired -> field.equals(modelOf.get(wired))).findFirst().orElse(null);
    }

    @Nullable
    InterruptLine line(int cell) {
        return lines[cells.store(cell)];
    }

    // ---- connections

    private void connect(int cell, WiredField wired, Field field) {
        Properties properties = field.properties();
        wired.writeEnable = level(cell, field, "swwe");
        wired.writeDisable = level(cell, field, "swwel");
        wired.loadEnable = references.resolve(cell, properties.reference("we"));
        wired.loadDisable = references.resolve(cell, properties.reference("wel"));
        wired.bitEnable = references.resolve(cell, properties.reference("hwenable"));
        wired.bitDisable = references.resolve(cell, properties.reference("hwmask"));
        connectInterrupt(cell, wired, field);
        connectCounter(cell, wired, properties);
        onActive(cell, properties.reference("hwclr"), () -> set(wired, false));
        onActive(cell, properties.reference("hwset"), () -> set(wired, true));
        connectNext(cell, wired, field);
        Value.Reference reset = properties.reference("reset");
        Source resetSource = references.resolve(cell, reset);
        if (resetSource != null) {
            referencedResets.add(new ReferencedReset(wired, resetSource));
        }
    }

    /** A level that a property names: a reference, a constant, or, as a mere flag, a pin of its own. */
    private @Nullable Source level(int cell, Field field, String property) {
        return switch (field.properties().get(property)) {
            case Value.Reference reference -> references.resolve(cell, reference);
            case Value.Num(BigInteger value) -> new Source.Constant(value.longValue());
            case Value.Flag(boolean on) when on -> references.pin(cell, field, property);
            case null, default -> null;
        };
    }

    private void set(WiredField wired, boolean on) {
        long open = wired.bitsUnlocked();
        long value = values[wired.cell];
        registers.change(wired.cell, on ? value | open : value & ~open);
    }

    private void connectInterrupt(int cell, WiredField wired, Field field) {
        if (!field.isInterrupt()) {
            return;
        }
        Properties properties = field.properties();
        wired.interrupt = new WiredField.Interrupt(
                WiredField.Trigger.valueOf(properties.keyword("intr type", "level").toUpperCase(Locale.ROOT)),
                properties.is("nonsticky")
                        ? WiredField.Hold.NOT
                        : properties.is("sticky")
                                ? WiredField.Hold.VALUE
                                : Value.Flag.FALSE.equals(properties.get("stickybit")) ? WiredField.Hold.NOT : WiredField.Hold.BITS);
        InterruptLine line = Objects.requireNonNull(lines[wired.cell]);
        Source own = new Source.OfField(values, wired.cell, wired.low, wired.ones);
        line.add(new InterruptLine.Contribution(own, followed(cell, properties.reference("enable"), line),
                followed(cell, properties.reference("mask"), line), followed(cell, properties.reference("haltenable"), line),
                followed(cell, properties.reference("haltmask"), line)));
        follow(wired.cell, line);
    }

    private @Nullable Source followed(int cell, Value.@Nullable Reference reference, Follower follower) {
        Source source = references.resolve(cell, reference);
        if (source != null) {
            followSource(source, follower);
        }
        return source;
    }

    private Counter counter(int cell, Field field, WiredField wired) {
        Properties properties = field.properties();
        return new Counter(wired.ones, amount(cell, properties, "incrvalue"), amount(cell, properties, "decrvalue"),
                limit(cell, properties, wired.ones, "saturate", "incrsaturate"),
                limit(cell, properties, 0, "decrsaturate", "decrsaturate"));
    }

    private Source amount(int cell, Properties properties, String property) {
        Source source = references.resolve(cell, properties.reference(property));
        return source == null ? new Source.Constant(properties.number(property, 1)) : source;
    }

    private @Nullable Source limit(int cell, Properties properties, long extreme, String property, String synonym) {
        Value value = properties.get(property) == null ? properties.get(synonym) : properties.get(property);
        return switch (value) {
            case Value.Reference reference -> references.resolve(cell, reference);
            case Value.Num(BigInteger number) -> new Source.Constant(number.longValue());
            case Value.Flag(boolean on) when on -> new Source.Constant(extreme);
            case null, default -> null;
        };
    }

    private void connectCounter(int cell, WiredField wired, Properties properties) {
        if (wired.counter == null) {
            return;
        }
        countOn(cell, properties.reference("incr"), wired, true);
        countOn(cell, properties.reference("decr"), wired, false);
    }

    private void countOn(int cell, Value.@Nullable Reference reference, WiredField wired, boolean up) {
        if (reference != null && ("overflow".equals(reference.property()) || "underflow".equals(reference.property()))) {
            Counter other = references.counter(cell, reference);
            if (other != null) {
                Follower count = () -> registers.count(wired, up);
                if ("overflow".equals(reference.property())) {
                    other.onOverflow(count);
                } else {
                    other.onUnderflow(count);
                }
            }
            return;
        }
        onActive(cell, reference, () -> registers.count(wired, up));
    }

    private void connectNext(int cell, WiredField wired, Field field) {
        Source source = references.resolve(cell, field.properties().reference("next"));
        if (source == null) {
            return;
        }
        followSource(source, () -> {
            long open = wired.takesHardwareWrite();
            long value = values[wired.cell];
            long input = source.get() & wired.ones;
            long taken = wired.interrupt == null ? input : wired.interrupt.arrive(value >>> wired.low & wired.ones, input);
            registers.change(wired.cell, value & ~open | taken << wired.low & open);
        });
    }

    /** Runs {@code action} each time that what {@code reference} names becomes active. */
    private void onActive(int cell, Value.@Nullable Reference reference, Runnable action) {
        Source source = references.resolve(cell, reference);
        if (source == null) {
            return;
        }
        followSource(source, new Follower() {
            private boolean active;

            @Override
            public void sourceChanged() {
                boolean now = source.isOn();
                boolean rising = now && !active;
                active = now;
                if (rising) {
                    action.run();
                }
            }
        });
    }

    private void followSource(Source source, Follower follower) {
        switch (source) {
            case Source.OfField field -> follow(field.cell(), follower);
            case Source.OfReduction reduction -> follow(reduction.field().cell(), follower);
            case Source.OfThreshold threshold -> follow(threshold.field().cell(), follower);
            case Source.OfLine line -> line.line().follow(follower);
            case Source.OfSignal signal -> {
                while (signalFollowers.size() <= signal.id()) {
                    signalFollowers.add(new ArrayList<>());
                }
                signalFollowers.get(signal.id()).add(follower);
            }
            case Source.Constant constant -> {
            }
        }
    }

    private void follow(int cell, Follower follower) {
        Follower[] before = followers[cell];
        if (!Arrays.asList(before).contains(follower)) {
            Follower[] more = Arrays.copyOf(before, before.length + 1);
            more[before.length] = follower;
            followers[cell] = more;
        }
    }

    // ---- at run time

    void signalChanged(int id) {
        if (id < signalFollowers.size()) {
            List<Follower> following = signalFollowers.get(id);
            for (int i = 0; i < following.size(); i++) {
                following.get(i).sourceChanged();
            }
        }
    }

    void applyReferencedResets() {
        for (ReferencedReset reset : referencedResets) {
            WiredField field = reset.field;
            values[field.cell] = values[field.cell] & ~field.mask | reset.source.get() << field.low & field.mask;
        }
    }

    /** Forgets the inputs that edges are measured against. */
    void resetInputs() {
        modelOf.keySet().forEach(field -> {
            if (field.interrupt != null) {
                field.interrupt.reset();
            }
        });
    }

    /** Lets everything look again at what it follows. */
    void settle() {
        for (InterruptLine line : lines) {
            if (line != null) {
                line.sourceChanged();
            }
        }
    }
}
