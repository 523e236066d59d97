package dev.openppu.harness.sim;

import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.XidEvent;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.harness.sim.work.Workload;
import dev.openppu.model.fault.Strike;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What did not hold in a soak, and what can be said about it: the order of events was the machine's, so that it does not come again by its seed.
 *
 * @param round counted from 0
 * @param strikes faults that may have been felt, in their order
 * @param underWay what the tenants were at
 * @param xids that the driver has reported, the last ones
 * @param recoveries that the driver has made, the last ones
 * @param threads a dump of all threads at that time; empty if it could not be written
 */
public record SoakFailure(int round, Workload workload, Violation violation, List<Strike> strikes, List<String> underWay,
        List<XidEvent> xids, List<RecoveryEvent> recoveries, Optional<Path> threads) {}
