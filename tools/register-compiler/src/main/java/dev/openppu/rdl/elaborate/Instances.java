package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds instances by path. */
final class Instances {

    private Instances() {}

    /** The component at the end of {@code steps}, which begin in {@code scope} or further out; null if there is none yet. */
    static @Nullable Component follow(Scope scope, List<Value.Step> steps) {
        for (Scope at = scope; at != null; at = at.parent()) {
            if (at.component().children().containsKey(steps.getFirst().name())) {
                return descend(at.component(), steps);
            }
        }
        return null;
    }

    private static @Nullable Component descend(Component from, List<Value.Step> steps) {
        Component component = from;
        for (Value.Step step : steps) {
            Instance instance = component.children().get(step.name());
            if (instance == null) {
                return null;
            }
            component = instance.component();
        }
        return component;
    }
}
