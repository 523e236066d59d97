package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Span;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An instance of a component in a body. */
final class Instance {

    private final String name;
    private final Span span;
    private final Layout layout;
    private Component component;
    private boolean alone;

    /**
     * Where an instance was asked to be; what is null or empty was left open.
     *
     * @param dimensions elements in each dimension
     * @param range      bits {@code [left:right]} of a field or signal
     * @param address    {@code @}
     * @param stride     {@code +=}
     * @param alignment  {@code %=}
     * @param external   whether it is external; null where the source does not say
     * @param alias      the instance that it is an alias of
     */
    record Layout(List<Long> dimensions, @Nullable Range range, @Nullable Long address, @Nullable Long stride,
            @Nullable Long alignment, @Nullable Boolean external, @Nullable String alias) {}

    /** Bits {@code [left:right]}. */
    record Range(int left, int right) {
        int low() {
            return Math.min(left, right);
        }

        int width() {
            return Math.abs(left - right) + 1;
        }
    }

    Instance(String name, Component component, Layout layout, Span span) {
        this.name = name;
        this.component = component;
        this.layout = layout;
        this.span = span;
    }

    String name() {
        return name;
    }

    Span span() {
        return span;
    }

    Layout layout() {
        return layout;
    }

    /** Bits of a field or a signal, as far as the source says before fields are placed; 1 where it says nothing. */
    int width() {
        if (layout.range() != null) {
            return layout.range().width();
        }
        if (!layout.dimensions().isEmpty()) {
            return layout.dimensions().getFirst().intValue();
        }
        Assignment width = component.assignments().get(component.kind() == ComponentKind.FIELD ? "fieldwidth" : "signalwidth");
        return width != null && width.value() instanceof Value.Num(BigInteger number) && number.bitLength() < 31 ? number.intValue() : 1;
    }

    /** Whether it is part of the elaborated description. */
    boolean isPresent() {
        Assignment assignment = component.assignments().get("ispresent");
        return assignment == null || !assignment.value().equals(Value.Flag.FALSE);
    }

    /** What it is an instance of; maybe shared with others. */
    Component component() {
        return component;
    }

    /** What it is an instance of, for this instance alone to change. */
    Component ownComponent() {
        if (!alone) {
            component = component.copy();
            alone = true;
        }
        return component;
    }

    /** The same instance in a copy of its parent: from now on both share the component. */
    Instance share() {
        alone = false;
        return new Instance(name, component, layout, span);
    }
}
