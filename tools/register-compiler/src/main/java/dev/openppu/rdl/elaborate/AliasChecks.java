package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.source.Diagnostics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the standard's section 10.5 asks of the alias registers in one block. */
final class AliasChecks {

    /** In these an alias' field may differ from the primary's, and in all that the user defined. What it leaves out is the primary's. */
    private static final Set<String> MAY_DIFFER = Set.of("desc", "name", "onread", "onwrite", "rclr", "rset", "sw", "woclr", "woset");

    private final Diagnostics diagnostics;
    private final Component block;
    private final List<Placed<Addressable>> nodes;

    AliasChecks(Diagnostics diagnostics, Component block, List<Placed<Addressable>> nodes) {
        this.diagnostics = diagnostics;
        this.block = block;
        this.nodes = nodes;
    }

    /** Whether an alias' field has {@code property} as the primary's field has it. */
    static boolean isShared(String property) {
        return StandardProperties.find(property) != null && !MAY_DIFFER.contains(property);
    }

    void check() {
        Map<Instance, Addressable> built = new HashMap<>();
        for (Placed<Addressable> placed : nodes) {
            if (placed.instance().layout().alias() != null) {
                if (built.isEmpty()) {
                    nodes.forEach(each -> built.put(each.instance(), each.node()));
                }
                check(placed, placed.instance().layout().alias(), built);
            }
        }
    }

    private void check(Placed<Addressable> placed, String name, Map<Instance, Addressable> built) {
        Instance primary = block.children().get(name);
        if (primary == null || primary.component().kind() != ComponentKind.REG || !(placed.node() instanceof Register alias)) {
            diagnostics.error(placed.instance().span(),
                    "an alias is a reg that stands for another reg of the same block; '" + name + "' is none");
        } else if (!(built.get(primary) instanceof Register register)) {
            error(placed.instance(), primary, "an alias needs the register that it stands for, but '" + name
                    + "' is not present (ispresent = false)");
        } else {
            checkRegisters(placed.instance(), alias, primary, register);
            alias.fields().forEach(field -> checkField(placed.instance(), field, primary, register));
        }
    }

    private void checkRegisters(Instance instance, Register alias, Instance primary, Register register) {
        Boolean external = instance.layout().external();
        if (primary.layout().alias() != null) {
            error(instance, primary, "an alias cannot stand for another alias");
        }
        if (alias.width() != register.width()) {
            error(instance, primary, "the alias has " + alias.width() + " bits, but '" + primary.name() + "' has " + register.width());
        }
        if (external != null && external != Boolean.TRUE.equals(primary.layout().external())) {
            error(instance, primary, "an alias and the register that it stands for are both external or both internal");
        }
        if (!alias.array().dimensions().equals(register.array().dimensions()) && register.array().isArray()) {
            error(instance, primary, "the alias of an array is an array of as many elements");
        }
    }

    private void checkField(Instance instance, Field field, Instance primary, Register register) {
        Field original = register.field(field.name()).orElse(null);
        if (original == null) {
            error(instance, primary, "the alias has a field '" + field.name() + "', which '" + primary.name() + "' has not");
        } else if (original.low() != field.low() || original.width() != field.width()) {
            error(instance, primary,
                    "field '" + field.name() + "' of the alias does not have the bits that it has in '" + primary.name() + "'");
        } else {
            field.properties().values().forEach((name, value) -> {
                if (isShared(name) && !value.equals(original.properties().get(name))) {
                    error(instance, primary, "'" + name + "' of field '" + field.name() + "' differs between the alias and '"
                            + primary.name() + "'");
                }
            });
        }
    }

    private void error(Instance alias, Instance primary, String message) {
        diagnostics.error(alias.span(), message, primary.span(), "the register that it stands for");
    }
}
