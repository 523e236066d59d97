package dev.openppu.harness.sim.planted;

import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.work.Workload;

/**
 * A small wrong change of driver or model, and where campaigns look for it.
 *
 * @param name by which it is asked for
 * @param standsFor what a programmer would have done wrong
 * @param place the method that is changed
 * @param change of its code
 * @param faults profile of the campaign that is to find it
 * @param workload of that campaign
 * @param caughtBy the invariant that is violated
 * @param alone whether no other is, in the lives until then
 */
public record PlantedBug(String name, String standsFor, Place place, CodeChange change, FaultProfile faults, Workload workload,
        Invariant caughtBy, boolean alone) {

    /** The same, for one that no other invariant sees in the life in which it is found first. */
    PlantedBug seenByNoOther() {
        return new PlantedBug(name, standsFor, place, change, faults, workload, caughtBy, true);
    }

    /**
     * A method.
     *
     * @param module that its class is in
     * @param className binary name
     * @param method name, with the descriptor behind it where there are several: {@code claim(IJ)V}
     */
    public record Place(String module, String className, String method) {
        @Override
        public String toString() {
            return className + "." + method;
        }
    }
}
