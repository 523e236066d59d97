package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Gives the fields of alias registers what they leave out and may not have otherwise: it is the primary's (the standard's section 10.5). */
final class AliasCompletion {

    private AliasCompletion() {}

    /** Completes the aliases among the nodes of one block, in place. */
    static void complete(List<Placed<Addressable>> nodes) {
        if (nodes.stream().noneMatch(placed -> placed.instance().layout().alias() != null)) {
            return;
        }
        Map<String, Register> registers = nodes.stream().filter(placed -> placed.node() instanceof Register)
                .collect(Collectors.toMap(placed -> placed.instance().name(), placed -> (Register) placed.node()));
        nodes.replaceAll(placed -> {
            String primary = placed.instance().layout().alias();
            return primary != null && placed.node() instanceof Register alias && registers.containsKey(primary)
                    ? new Placed<>(completed(alias, Objects.requireNonNull(registers.get(primary))), placed.instance())
                    : placed;
        });
    }

    private static Register completed(Register alias, Register primary) {
        List<Field> fields = alias.fields().stream()
                .map(field -> primary.field(field.name()).map(original -> completed(field, original)).orElse(field)).toList();
        return new Register(alias.placement(), alias.properties(), fields, alias.signals());
    }

    private static Field completed(Field field, Field original) {
        Map<String, Value> values = new LinkedHashMap<>(field.properties().values());
        original.properties().values().forEach((name, value) -> {
            if (AliasChecks.isShared(name)) {
                values.putIfAbsent(name, value);
            }
        });
        return new Field(field.name(), field.typeName(), field.low(), field.width(), field.msb0(), new Properties(values), field.origin());
    }
}
