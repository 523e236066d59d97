package dev.openppu.harness.sim.work;

import dev.openppu.driver.PpuException;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.model.link.ModelLink;
import org.jspecify.annotations.Nullable;

/** Puts what tenants do into the trace of their link, beside what the device does; nothing where there is no trace. Thread-safe. */
public final class Journal {
    private final ModelLink link;

    /** @param link whose trace gets the notes */
    public Journal(ModelLink link) {
        this.link = link;
    }

    void begins(Step step) {
        if (link.traced()) {
            link.note("step", step.number() < 0 ? Operation.END : step.number() + " " + Operation.id(step.kind()));
        }
    }

    void loses(Step step, PpuException cause) {
        if (link.traced()) {
            link.note("loss", step.number() + " " + Operation.id(step.kind()) + ": " + oneLine(cause.getMessage()));
        }
    }

    /** An invariant did not hold. */
    public void violates(Violation violation) {
        if (link.traced()) {
            link.note("violation", violation.invariant().id() + ": " + oneLine(violation.getMessage()));
        }
    }

    /** Without the link's name: where its trace goes is no part of what happened. */
    private String oneLine(@Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("").replace(link.identity().uri(), "the device");
    }
}
