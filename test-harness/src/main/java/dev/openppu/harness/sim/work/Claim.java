package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.PpuException;
import dev.openppu.harness.sim.check.Invariant;

/** What a step says of the API, and has to be so. */
record Claim(Workbench bench, Step step) {

    /** @param seen what is the case if it does not hold */
    void holds(boolean right, String seen, String expected) {
        if (!right) {
            bench.rules().broken(Invariant.CONTENTS, "%s in %s: %s".formatted(step, bench, seen), expected);
        }
    }

    /**
     * Makes a call that has to be refused, and costs nobody anything. A failure with another result is a loss, and thrown.
     *
     * @param what the call asks for, as the subject of a sentence
     */
    void refused(HgResult result, String what, Runnable call) {
        try {
            call.run();
        } catch (PpuException e) {
            if (e.hgresult() != result) {
                throw e;
            }
            return;
        }
        bench.rules().broken(Invariant.TYPED_ERRORS, "%s in %s: %s was taken".formatted(step, bench, what), "a PpuException: " + result);
    }
}
