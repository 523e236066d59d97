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
import java.util.List;
import java.util.stream.IntStream;

/** Notes what happens in one life, without a say in it. Only one thread of a simulated world runs at a time; so this needs no lock. */
final class Witness {
    private final List<Tenant> tenants;
    private final TouchedRegisters touched = new TouchedRegisters(RegisterFields.ofPpu());
    private final List<Long> during = new ArrayList<>();

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

    /** A bit for each of {@link Operation#all}. */
    private long underWay() {
        long bits = 0;
        for (Tenant tenant : tenants) {
            Step step = tenant.current();
            bits |= step == null ? 0 : 2L << step.kind().ordinal();
        }
        int end = Operation.all().size() - 1;
        return bits != 0 ? bits : tenants.isEmpty() ? 1 : 1L << end;
    }

    /** All that was noted. */
    Account account(ModelLink link) {
        List<Strike> strikes = link.faults().struck();
        List<Scene> scenes = IntStream.range(0, strikes.size()).mapToObj(i -> new Scene(strikes.get(i), operations(during.get(i))))
                .toList();
        return new Account(scenes, Coverage.of(link.faults().census(), touched));
    }

    private static List<String> operations(long bits) {
        return IntStream.range(0, Operation.all().size()).filter(i -> (bits >>> i & 1) != 0).mapToObj(Operation.all()::get).toList();
    }
}
