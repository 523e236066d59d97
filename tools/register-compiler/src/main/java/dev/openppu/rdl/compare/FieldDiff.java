package dev.openppu.rdl.compare;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares the fields of two registers. */
final class FieldDiff {

    private final List<Change> changes = new ArrayList<>();

    private FieldDiff() {}

    static List<Change> between(String path, Register before, Register after) {
        FieldDiff diff = new FieldDiff();
        Matches<Field> matches = Matches.of(before.fields(), after.fields(), (a, b) -> true,
                (a, b) -> a.low() == b.low() && a.width() == b.width());
        for (Matches.Pair<Field> pair : matches.pairs()) {
            Field old = pair.before();
            Field now = pair.after();
            if (old == null) {
                Field added = Objects.requireNonNull(now);
                diff.changes.add(new Change.Added(path + "." + added.name(), Change.What.FIELD, added.low()));
            } else if (now == null) {
                diff.changes.add(new Change.Removed(path + "." + old.name(), Change.What.FIELD, old.low()));
            } else if (!old.equals(now)) {
                diff.compare(path + "." + old.name(), old, now);
            }
        }
        return diff.changes;
    }

    private void compare(String path, Field before, Field after) {
        if (!before.name().equals(after.name())) {
            changes.add(new Change.Renamed(path, before.name(), after.name()));
        }
        if (before.low() != after.low() || before.width() != after.width()) {
            changes.add(new Change.FieldBits(path, before.high(), before.low(), after.high(), after.low()));
        }
        if (!Objects.equals(before.reset(), after.reset())) {
            changes.add(new Change.Reset(path, before.reset(), after.reset()));
        }
        if (before.sw() != after.sw()) {
            changes.add(new Change.SoftwareAccess(path, before.sw(), after.sw()));
        }
        if (before.hw() != after.hw()) {
            changes.add(new Change.HardwareAccess(path, before.hw(), after.hw()));
        }
        sideEffect(path, "onread", word(before.onRead()), word(after.onRead()));
        sideEffect(path, "onwrite", word(before.onWrite()), word(after.onWrite()));
        sideEffect(path, "singlepulse", Boolean.toString(before.isSinglePulse()), Boolean.toString(after.isSinglePulse()));
        compareEnums(path, before.encode(), after.encode());
        changes.addAll(PropertyDiff.between(path, before, after));
    }

    private void sideEffect(String path, String property, String before, String after) {
        if (!before.equals(after)) {
            changes.add(new Change.SideEffect(path, property, before, after));
        }
    }

    private static String word(Enum<?> effect) {
        return effect.name().toLowerCase(Locale.ROOT);
    }

    private void compareEnums(String path, @Nullable EnumType before, @Nullable EnumType after) {
        List<EnumType.Entry> old = before == null ? List.of() : before.entries();
        List<EnumType.Entry> now = after == null ? List.of() : after.entries();
        for (EnumType.Entry entry : old) {
            EnumType.Entry same = find(now, entry.name());
            if (same == null) {
                changes.add(new Change.NamedValue(path, entry.name(), entry.value(), null));
            } else if (!same.value().equals(entry.value())) {
                changes.add(new Change.NamedValue(path, entry.name(), entry.value(), same.value()));
            }
            if (same != null) {
                describe(path, entry.name() + "'s name", entry.label(), same.label());
                describe(path, entry.name() + "'s desc", entry.description(), same.description());
            }
        }
        now.stream().filter(entry -> find(old, entry.name()) == null)
                .forEach(entry -> changes.add(new Change.NamedValue(path, entry.name(), null, entry.value())));
    }

    private void describe(String path, String what, @Nullable String before, @Nullable String after) {
        if (!Objects.equals(before, after)) {
            changes.add(new Change.Description(path, what, before, after));
        }
    }

    private static EnumType.@Nullable Entry find(List<EnumType.Entry> entries, String name) {
        return entries.stream().filter(entry -> entry.name().equals(name)).findFirst().orElse(null);
    }
}
