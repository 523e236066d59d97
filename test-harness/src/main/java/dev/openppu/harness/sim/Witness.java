package dev.openppu.harness.sim;

import dev.openppu.hal.DeviceLink;
import dev.openppu.harness.cover.Coverage;
import dev.openppu.harness.cover.RegisterFields;
import dev.openppu.harness.cover.TouchedRegisters;
import dev.openppu.harness.cover.WatchedLink;
import dev.openppu.harness.sim.work.Operation;
import dev.openppu.harness.sim.work.Step;
import dev.openppu.harness.sim.work.Tenant;
import dev.openppu.model.fault.FaultSource;
import dev.openppu.model.fault.Strike;
import dev.openppu.model.link.ModelLink;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Notes what happens in one life, without a say in it. Only one thread of a simulated world runs at a time; so this needs no lock. */
final class Witness {
    private final List<Tenant> tenants;
    private final TouchedRegisters touched = new TouchedRegisters(RegisterFields.ofPpu());
    private final List<BitSet> during = new ArrayList<>();

    /** @param tenants that come to be in this life */
    Witness(List<Tenant> tenants) {
        this.tenants = tenants;
    }

    /** The link that the driver gets. */
    DeviceLink beside(ModelLink link) {
        return new WatchedLink(link, RegisterFields.ofPpu().bar(), touched);
    }

    FaultSource beside(FaultSource source) {
        return (point, passage) -> {
            long dice = source.dice(point, passage);
            if (dice != FaultSource.NOTHING) {
                during.add(underWay());
            }
            return dice;
        };
    }

    /** Indices into {@link Operation#all}. */
    private BitSet underWay() {
        BitSet indices = new BitSet(Operation.all().size());
        for (Tenant tenant : tenants) {
            Step step = tenant.current();
            if (step != null) {
                indices.set(1 + step.kind().ordinal());
            }
        }
        if (indices.isEmpty()) {
            indices.set(tenants.isEmpty() ? 0 : Operation.all().size() - 1);
        }
        return indices;
    }

    /** All that was noted. */
    Account account(ModelLink link) {
        List<Strike> strikes = link.faults().struck();
        List<Scene> scenes = IntStream.range(0, strikes.size()).mapToObj(i -> new Scene(strikes.get(i), operations(during.get(i))))
                .toList();
        return new Account(scenes, Coverage.of(link.faults().census(), touched));
    }

    private static List<String> operations(BitSet indices) {
        return indices.stream().mapToObj(Operation.all()::get).toList();
    }
}
