package dev.openppu.harness.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Files of one campaign together: every seed counts once, however many of them have it.
 *
 * @param header of the whole campaign
 * @param lives by their seeds, ascending
 * @param repeated how many lines were of seeds that other lines have, too
 * @param disagreements pairs of lines of one seed that are not the same: the life did not follow from its seed
 * @param torn files that end in half a line, which does not count
 */
public record Merge(Header header, List<Ledger.Line> lives, long repeated, List<Disagreement> disagreements, List<String> torn) {

    /** Two lines that ought to be one. */
    public record Disagreement(long seed, String firstFile, String first, String secondFile, String second) {}

    private record Source(Ledger.Line line, String file) {}

    public Merge {
        lives = List.copyOf(lives);
        disagreements = List.copyOf(disagreements);
        torn = List.copyOf(torn);
    }

    /**
     * Puts files together.
     *
     * @param ledgers at least one
     * @throws LedgerException if they are not of one campaign
     */
    public static Merge of(List<Ledger> ledgers) {
        Ledger first = ledgers.getFirst();
        Map<Long, Source> bySeed = new TreeMap<>();
        List<Disagreement> disagreements = new ArrayList<>();
        long repeated = 0;
        for (Ledger ledger : ledgers) {
            demandSameCampaign(first, ledger);
            for (Ledger.Line line : ledger.lines()) {
                Source here = new Source(line, ledger.file().toString());
                Source other = bySeed.putIfAbsent(line.life().seed(), here);
                if (other != null) {
                    repeated++;
                    if (!other.line().text().equals(line.text())) {
                        disagreements
                                .add(new Disagreement(line.life().seed(), other.file(), other.line().text(), here.file(), line.text()));
                    }
                }
            }
        }
        return new Merge(first.header().whole(), bySeed.values().stream().map(Source::line).toList(), repeated, disagreements,
                ledgers.stream().filter(Ledger::torn).map(ledger -> ledger.file().toString()).toList());
    }

    private static void demandSameCampaign(Ledger first, Ledger other) {
        Optional<String> difference = other.header().differsFrom(first.header());
        if (difference.isPresent()) {
            throw new LedgerException("%s is of another campaign than %s: it has %s".formatted(other.file(), first.file(),
                    difference.get()));
        }
    }

    /** Seeds of the campaign that nobody has lived, as {@code 7} and {@code 20..25}. */
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        long next = header.seeds().first();
        for (Ledger.Line line : lives) {
            addRange(missing, next, line.life().seed() - 1);
            next = line.life().seed() + 1;
        }
        addRange(missing, next, header.seeds().last());
        return missing;
    }

    /** Seeds that follow each other as ranges: {@code 7} and {@code 20..25}. */
    public static List<String> ranges(SortedSet<Long> seeds) {
        List<String> ranges = new ArrayList<>();
        long first = 0;
        long next = 0;
        for (long seed : seeds) {
            if (seed != next || first == next) {
                addRange(ranges, first, next - 1);
                first = seed;
            }
            next = seed + 1;
        }
        addRange(ranges, first, next - 1);
        return ranges;
    }

    private static void addRange(List<String> ranges, long from, long to) {
        if (from <= to) {
            ranges.add(from == to ? Long.toString(from) : from + ".." + to);
        }
    }

    public long missingCount() {
        return header.seeds().count() - lives.size();
    }

    public List<LifeLine> failures() {
        return lives.stream().map(Ledger.Line::life).filter(life -> !life.passed()).toList();
    }

    /** Whether every seed was lived, always in the same way, and passed. */
    public boolean good() {
        return missingCount() == 0 && disagreements.isEmpty() && failures().isEmpty();
    }

    /** The text of a file that holds all of it. */
    public String text() {
        StringBuilder text = new StringBuilder(header.line()).append('\n');
        lives.forEach(line -> text.append(line.text()).append('\n'));
        return text.toString();
    }
}
