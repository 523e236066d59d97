package dev.openppu.model.fault;

import dev.openppu.model.sim.Chance;
import java.util.EnumMap;
import java.util.Map;

/** Strikes by chance: each point by a stream of its own, so that what happens at one does not move the others. */
public final class RandomFaults implements FaultSource {
    private final Map<FaultPoint, Stream> streams = new EnumMap<>(FaultPoint.class);

    /**
     * How often a point strikes.
     *
     * @param oneIn so many passages, on average
     * @param most times in all
     */
    public record Rate(long oneIn, int most) {
        public Rate {
            if (oneIn < 1 || most < 1) {
                throw new IllegalArgumentException("a fault once in %d passages, at most %d times".formatted(oneIn, most));
            }
        }
    }

    private static final class Stream {
        private final Chance chance;
        private final Rate rate;
        private long next;
        private int left;

        Stream(Chance chance, Rate rate) {
            this.chance = chance;
            this.rate = rate;
            this.left = rate.most();
            this.next = gap();
        }

        /** Uniform around the rate: the mean is right, and nothing is drawn in between. */
        private long gap() {
            return chance.between(1, 2 * rate.oneIn());
        }

        long dice(long passage) {
            if (left == 0 || passage < next) {
                return NOTHING;
            }
            left--;
            next = passage + gap();
            return chance.bits() | 1;
        }
    }

    public RandomFaults(Map<FaultPoint, Rate> rates, Chance chance) {
        rates.forEach((point, rate) -> streams.put(point, new Stream(chance.stream(point.id()), rate)));
    }

    @Override
    public long dice(FaultPoint point, long passage) {
        Stream stream = streams.get(point);
        return stream == null ? NOTHING : stream.dice(passage);
    }
}
