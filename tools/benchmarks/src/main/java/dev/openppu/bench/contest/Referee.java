package dev.openppu.bench.contest;

import dev.openppu.bench.contest.Score.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** Lets a contest's sides take turns until their medians stand still, or patience ends. */
public final class Referee {
    private static final double[] NOTHING = {};

    private final Patience patience;
    private final Consumer<String> progress;

    /** @param progress is told how far a contest has come */
    public Referee(Patience patience, Consumer<String> progress) {
        this.patience = patience;
        this.progress = progress;
    }

    /** Opens, plays and closes a contest. */
    public List<LineResult> play(Entry entry) {
        String name = entry.metrics().getFirst().name();
        progress.accept(name + ": warm-up");
        try (Contest contest = entry.contest().get()) {
            warmUp(contest);
            contest.begin();
            Score score = new Score(entry.metrics().size(), patience.fewest());
            int most = Math.max(patience.most(), contest.leastRounds());
            while (score.played() < contest.leastRounds() || score.played() < most && !score.enough(patience.uncertainty())) {
                round(contest, score);
                progress.accept("%s: round %d".formatted(name, score.played()));
            }
            return results(entry, contest, score);
        }
    }

    private void warmUp(Contest contest) {
        for (int i = 0; i < patience.warmUps(); i++) {
            contest.java();
            if (contest.comparable()) {
                contest.c();
            }
        }
    }

    /** Who begins changes from round to round. */
    private static void round(Contest contest, Score score) {
        boolean javaFirst = score.played() % 2 == 0;
        Stopwatch stopwatch = new Stopwatch();
        double[] before = contest.comparable() && !javaFirst ? contest.c() : NOTHING;
        Round java = contest.java();
        double[] after = contest.comparable() && javaFirst ? contest.c() : NOTHING;
        score.add(new Pair(java, javaFirst ? after : before), contest.busy() && stopwatch.disturbed());
    }

    private static List<LineResult> results(Entry entry, Contest contest, Score score) {
        double[] java = contest.javaSummary(score.java());
        double[] c = score.c().isEmpty() ? NOTHING : contest.cSummary(score.c());
        double bytes = score.bytesPerOperation();
        List<LineResult> results = new ArrayList<>();
        for (int i = 0; i < java.length; i++) {
            OptionalDouble reference = i < c.length && !Double.isNaN(c[i]) ? OptionalDouble.of(c[i]) : OptionalDouble.empty();
            results.add(new LineResult(entry.metrics().get(i), java[i], reference,
                    Double.isNaN(bytes) ? OptionalDouble.empty() : OptionalDouble.of(bytes), score.counting().size(),
                    score.uncertainty(i)));
        }
        return results;
    }
}
