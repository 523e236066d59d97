package dev.openppu.harness.report;

import dev.openppu.harness.ledger.Ledger;
import dev.openppu.harness.ledger.LifeLine;
import dev.openppu.harness.ledger.Merge;
import dev.openppu.harness.sim.Operation;
import dev.openppu.model.fault.FaultPoint;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two campaigns side by side: the same one at two times, on two profiles, or two of different seeds.
 *
 * @param before the one to compare with
 * @param after the one that is looked at
 */
public record CampaignChange(Merge before, Merge after) {

    /** Lives of {@code after} that failed and did not, or were not lived, in {@code before}. */
    public List<LifeLine> newlyFailing() {
        Set<Long> failed = seeds(before.failures().stream());
        return after.failures().stream().filter(life -> !failed.contains(life.seed())).toList();
    }

    /** Seeds that failed in {@code before} and passed in {@code after}. */
    public List<Long> newlyPassing() {
        Set<Long> passed = seeds(after.lives().stream().map(Ledger.Line::life).filter(LifeLine::passed));
        return before.failures().stream().map(LifeLine::seed).filter(passed::contains).toList();
    }

    /** Seeds that failed in both. */
    public List<Long> stillFailing() {
        Set<Long> failed = seeds(before.failures().stream());
        return after.failures().stream().map(LifeLine::seed).filter(failed::contains).toList();
    }

    private static Set<Long> seeds(Stream<LifeLine> lives) {
        return lives.map(LifeLine::seed).collect(Collectors.toSet());
    }

    /** What of the device and of its faults {@code after} has used and {@code before} has not, by name: packets, page faults, resets, fields, then faults in operations. */
    public List<String> gained() {
        return without(covered(after), covered(before));
    }

    /** The other way round. */
    public List<String> lost() {
        return without(covered(before), covered(after));
    }

    /** Something failed that did not. */
    public boolean worse() {
        return !newlyFailing().isEmpty() || !after.disagreements().isEmpty();
    }

    private static List<String> without(Set<String> some, Set<String> others) {
        return some.stream().filter(each -> !others.contains(each)).toList();
    }

    private static Set<String> covered(Merge campaign) {
        CampaignCounts counts = new CampaignCounts(campaign);
        Set<String> covered = new LinkedHashSet<>();
        counts.packets().keySet().stream().sorted().forEach(kind -> covered.add("packet " + kind));
        counts.pageFaults().keySet().stream().sorted().forEach(kind -> covered.add("page fault " + kind));
        counts.resets().keySet().stream().sorted().forEach(kind -> covered.add("reset " + kind));
        Function<Integer, String> field = campaign.header().fields()::get;
        named(counts.read(), field).forEach(name -> covered.add("field read " + name));
        named(counts.written(), field).forEach(name -> covered.add("field written " + name));
        for (FaultPoint point : FaultPoint.values()) {
            Operation.all().stream().filter(operation -> counts.struck(point, operation) > 0)
                    .forEach(operation -> covered.add("fault " + point.id() + " during " + operation));
        }
        return covered;
    }

    private static Stream<String> named(BitSet bits, Function<Integer, String> name) {
        return bits.stream().boxed().map(name);
    }
}
