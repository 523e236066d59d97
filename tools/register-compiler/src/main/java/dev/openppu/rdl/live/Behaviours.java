package dev.openppu.rdl.live;

import dev.openppu.rdl.live.WordBehaviour.Surroundings;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.path.LocatedNode;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** How the registers of one map behave, found out once for each. Safe for several threads. */
final class Behaviours {

    private final Map<Surroundings, IdentityHashMap<Register, RegisterBehaviour>> known = new HashMap<>();

    synchronized RegisterBehaviour of(LocatedNode register) {
        Surroundings surroundings = surroundings(register);
        return known.computeIfAbsent(surroundings, _ -> new IdentityHashMap<>()).computeIfAbsent((Register) register.node(),
                node -> new RegisterBehaviour(node, surroundings));
    }

    /** What the innermost address map that says something says. */
    private static Surroundings surroundings(LocatedNode register) {
        for (LocatedNode at = register.parent(); at != null; at = at.parent()) {
            if (at.node().properties().has("rsvdset")) {
                return new Surroundings(register.isBigEndian(), at.node().properties().is("rsvdset"));
            }
        }
        return new Surroundings(register.isBigEndian(), false);
    }
}
