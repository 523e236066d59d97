package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.source.Diagnostics;

/** Finds the bits of a register's fields, in the order of their instances. */
final class FieldPlacer {

    private final boolean msb0;
    private final Diagnostics diagnostics;
    private int next;

    FieldPlacer(Component register, boolean msb0Around, int width, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        this.msb0 = order(register, msb0Around);
        this.next = msb0 ? width - 1 : 0;
    }

    /** Explicit ranges tell the order of the bits, else the address map does. */
    private boolean order(Component register, boolean msb0Around) {
        Instance falling = null;
        Instance rising = null;
        for (Instance instance : register.children().values()) {
            Instance.Range range = instance.layout().range();
            if (range != null && range.left() > range.right()) {
                falling = instance;
            } else if (range != null && range.left() < range.right()) {
                rising = instance;
            }
        }
        if (falling != null && rising != null) {
            diagnostics.error(rising.span(), "[low:high] and [high:low] do not go together in one register", falling.span(),
                    "the other order stands here");
        }
        return falling == null && (rising != null || msb0Around);
    }

    boolean msb0() {
        return msb0;
    }

    /** The bits of {@code instance}. */
    Instance.Range place(Instance instance, Properties properties) {
        Instance.Range given = instance.layout().range();
        long fieldWidth = properties.number("fieldwidth", 0);
        int width = given != null
                ? given.width()
                : !instance.layout().dimensions().isEmpty()
                        ? instance.layout().dimensions().getFirst().intValue()
                        : Math.clamp(fieldWidth, 1, 1 << 16);
        if (properties.has("fieldwidth") && width != fieldWidth) {
            diagnostics.error(instance.span(), "field '" + instance.name() + "' is " + width + " bits wide here, but its fieldwidth is "
                    + fieldWidth);
        }
        Instance.Range range = given != null
                ? given
                : msb0 ? new Instance.Range(next - width + 1, next) : new Instance.Range(next + width - 1, next);
        next = msb0 ? range.low() - 1 : range.low() + width;
        return range;
    }
}
