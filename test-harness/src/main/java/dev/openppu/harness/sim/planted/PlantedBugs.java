package dev.openppu.harness.sim.planted;

import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.planted.PlantedBug.Place;
import dev.openppu.harness.sim.work.Workload;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All bugs that are planted. */
public final class PlantedBugs {
    private static final List<PlantedBug> ALL = Stream.concat(DriverBugs.ALL.stream(), ModelBugs.ALL.stream()).toList();

    private PlantedBugs() {}

    /** Those of the driver, then those of the model. */
    public static List<PlantedBug> all() {
        return ALL;
    }

    public static Optional<PlantedBug> find(String name) {
        return ALL.stream().filter(bug -> bug.name().equals(name)).findFirst();
    }

    /** Bugs of one module. */
    record Nursery(String module) {
        /** @param place class below the module's package, and method: {@code client.Lane#submit} */
        PlantedBug bug(String name, String standsFor, String place, CodeChange change, String campaign, Invariant caughtBy) {
            String[] classAndMethod = place.split("#", 2);
            String[] faultsAndWorkload = campaign.split("/", 2);
            return new PlantedBug(name, standsFor, new Place(module, module + "." + classAndMethod[0], classAndMethod[1]), change,
                    FaultProfile.find(faultsAndWorkload[0]).orElseThrow(), Workload.find(faultsAndWorkload[1]).orElseThrow(), caughtBy,
                    false);
        }
    }
}
