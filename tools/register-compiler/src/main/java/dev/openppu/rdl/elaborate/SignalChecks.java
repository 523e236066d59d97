package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Properties;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Warning;
import java.util.HashMap;
import java.util.Map;

/** What the standard's chapter 8 asks of the signals in one component: known widths, and one default of each kind of reset. */
final class SignalChecks {

    private static final int WIDEST = 1 << 16;
    private static final String[] RESETS = {"cpuif_reset", "field_reset"};

    private final Diagnostics diagnostics;
    private final Map<String, Instance> resets = new HashMap<>();

    SignalChecks(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** Checks the next signal. */
    void check(Instance instance, Properties properties, long width) {
        if (width < 1 || width > WIDEST || properties.has("signalwidth") && properties.number("signalwidth", 1) != width) {
            diagnostics.error(instance.span(), "signal '" + instance.name() + "' is " + width + " bits wide here, but its signalwidth is "
                    + properties.number("signalwidth", 1));
        }
        for (String reset : RESETS) {
            if (properties.is(reset)) {
                checkReset(reset, instance, width);
            }
        }
    }

    private void checkReset(String reset, Instance instance, long width) {
        Instance before = resets.putIfAbsent(reset, instance);
        if (before != null) {
            diagnostics.error(instance.span(), "there is a " + reset + " signal here already", before.span(), "which stands here");
        }
        if (width != 1) {
            diagnostics.error(instance.span(), "a " + reset + " signal has one bit, but '" + instance.name() + "' has " + width);
        }
        if (!ReferenceChecks.hasPolarity(instance.component())) {
            diagnostics.warning(Warning.WITHOUT_POLARITY, instance.span(), "signal '" + instance.name()
                    + "' resets, but is neither activehigh nor activelow");
        }
    }
}
