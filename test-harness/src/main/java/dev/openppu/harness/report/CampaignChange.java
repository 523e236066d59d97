package dev.openppu.harness.report;

import dev.openppu.harness.ledger.Ledger;
import dev.openppu.harness.ledger.LifeLine;
import dev.openppu.harness.ledger.Merge;
import dev.openppu.harness.sim.SeedRange;
import dev.openppu.harness.sim.work.Operation;
import dev.openppu.model.fault.FaultPoint;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
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

    /** Seeds that were lived in {@code before} and not in {@code after}, as {@code 7} and {@code 20..25}; none if the campaigns have no seed in common, by what they were asked for. */
    public List<String> missing() {
        SeedRange first = before.header().seeds();
        SeedRange second = after.header().seeds();
        if (first.first() > second.last() || second.first() > first.last()) {
            return List.of();
        }
        SortedSet<Long> missing = new TreeSet<>(seeds(before.lives().stream().map(Ledger.Line::life)));
        missing.removeAll(seeds(after.lives().stream().map(Ledger.Line::life)));
        return Merge.ranges(missing);
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

    /** Something failed that did not, or was lived and is no longer. */
    public boolean worse() {
        return !newlyFailing().isEmpty() || !missing().isEmpty() || !after.disagreements().isEmpty();
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
