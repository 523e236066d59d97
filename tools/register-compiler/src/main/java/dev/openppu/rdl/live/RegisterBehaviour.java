package dev.openppu.rdl.live;

import dev.openppu.rdl.live.WordBehaviour.Surroundings;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a register behaves: its words, and the fields that depend on more than the access. Immutable, shared by all instances. */
final class RegisterBehaviour {

    private static final Set<String> DEPENDENT = Set.of("swwe", "swwel", "we", "wel", "hwenable", "hwmask", "hwset", "hwclr", "intr",
            "sticky", "stickybit", "counter", "next", "reset");
    /** What acts on a field when something else changes: where it is a reference, the field must be there to notice. */
    private static final List<String> ACTING = List.of("next", "hwset", "hwclr", "incr", "decr", "reset");

    final Register register;
    final WordBehaviour[] words;
    final List<Field> dependent;

    RegisterBehaviour(Register register, Surroundings surroundings) {
        this.register = register;
        this.words = new WordBehaviour[Math.max(1, register.width() / 64)];
        for (int word = 0; word < words.length; word++) {
            words[word] = new WordBehaviour(register, word, surroundings);
        }
        this.dependent = register.fields().stream().filter(RegisterBehaviour::isDependent).toList();
    }

    private static boolean isDependent(Field field) {
        return field.properties().values().entrySet().stream().anyMatch(entry -> DEPENDENT.contains(entry.getKey())
                && !(entry.getKey().equals("reset") && !(entry.getValue() instanceof Value.Reference)));
    }

    /** Whether an instance has to be there before software or hardware comes to it, because it follows others. */
    static boolean follows(Register register) {
        return register.fields().stream()
                .anyMatch(field -> ACTING.stream().anyMatch(property -> field.properties().reference(property) != null)
                        || field.isInterrupt() && !BigInteger.ZERO.equals(orZero(field.reset())));
    }

    private static BigInteger orZero(@Nullable BigInteger value) {
        return value == null ? BigInteger.ZERO : value;
    }
}
