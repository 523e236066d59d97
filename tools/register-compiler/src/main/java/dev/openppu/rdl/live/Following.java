package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.path.LocatedNode;
import java.util.IdentityHashMap;
import java.util.function.Consumer;

/** Finds the registers that have to be there from the start, because they follow others; skips what has none of them. */
final class Following {

    private final Consumer<LocatedNode> found;
    private final IdentityHashMap<Addressable, Boolean> holds = new IdentityHashMap<>();

    Following(Consumer<LocatedNode> found) {
        this.found = found;
    }

    void bear(LocatedNode node) {
        if (node.node() instanceof Register) {
            found.accept(node);
        } else if (node.node() instanceof Block block) {
            for (Object each : block.children()) {
                if (each instanceof Addressable child && holds(child)) {
                    for (long element = 0; element < child.array().count(); element++) {
                        bear(node.element(child, element));
                    }
                }
            }
        }
    }

    private boolean holds(Addressable node) {
        Boolean known = holds.get(node);
        if (known != null) {
            return known;
        }
        boolean any = node instanceof Register register
                ? RegisterBehaviour.follows(register)
                : ((Block) node).children().stream().anyMatch(child -> child instanceof Addressable inside && holds(inside));
        holds.put(node, any);
        return any;
    }
}
