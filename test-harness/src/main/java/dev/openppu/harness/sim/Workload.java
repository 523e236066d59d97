package dev.openppu.harness.sim;

import dev.openppu.harness.sim.Step.Kind;
import dev.openppu.model.sim.Chance;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What tenants do with a device, by a name: which steps, how often.
 *
 * @param tenants threads, each with contexts of its own
 * @param steps of all of them together
 */
public record Workload(String name, String description, int tenants, int steps, Map<Kind, Integer> weights) {
    private static final List<Workload> ALL = List.of(
            new Workload("mixed", "all of the API", 3, 200, usual()),
            new Workload("copies", "copies and fills of every kind", 2, 200,
                    usual(Kind.COPY_IN, 20, Kind.COPY_IN_PINNED, 20, Kind.COPY_OUT, 20, Kind.COPY_OUT_PINNED, 20, Kind.COPY_WITHIN, 20,
                            Kind.FILL, 10,
                            Kind.FILL_RECTANGLE, 10)),
            new Workload("kernels", "kernels, between copies", 3, 150, usual(Kind.KERNEL, 60, Kind.NEW_STREAM, 8, Kind.CLOSE_STREAM, 6)),
            new Workload("streams", "many streams, events and values that wait for each other", 4, 240,
                    usual(Kind.HAND_OVER, 30, Kind.WAIT_VALUE, 20, Kind.NEW_STREAM, 20, Kind.CLOSE_STREAM, 14, Kind.BATCH, 12)),
            new Workload("contexts", "contexts that come and go", 6, 240,
                    usual(Kind.NEW_CONTEXT, 30, Kind.NEW_BUFFER, 12, Kind.CLOSE_BUFFER, 10)));

    /** Stands for one of the others: each life has its own, by its seed. */
    public static final Workload EVERY = new Workload("every", "each life has one of the others, by its seed", 0, 0, Map.of());

    private static Map<Kind, Integer> usual(Object... more) {
        Map<Kind, Integer> weights = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            weights.put(kind, switch (kind) {
                case NEW_CONTEXT, CLOSE_STREAM -> 1;
                case NEW_BUFFER, CLOSE_BUFFER, NEW_STREAM, BATCH, POOL -> 3;
                case COPY_IN, COPY_OUT, FILL, HAND_OVER, THINK -> 8;
                default -> 5;
            });
        }
        for (int i = 0; i < more.length; i += 2) {
            weights.put((Kind) more[i], (Integer) more[i + 1]);
        }
        return weights;
    }

    /** All workloads but {@link #EVERY}, in the order in which a user reads them. */
    public static List<Workload> all() {
        return ALL;
    }

    public static Optional<Workload> find(String name) {
        return ALL.stream().filter(workload -> workload.name().equals(name)).findFirst();
    }

    /** The workload of one life: this one, or for {@link #EVERY} the one that the life's seed draws. */
    Workload ofLife(long seed) {
        return this == EVERY ? ALL.get((int) new Chance(seed).stream("kind of work").below(ALL.size())) : this;
    }

    /** What each tenant does in a life. */
    List<List<Step>> draw(Chance chance) {
        int sum = weights.values().stream().mapToInt(Integer::intValue).sum();
        List<List<Step>> programs = new ArrayList<>();
        for (int tenant = 0; tenant < tenants; tenant++) {
            List<Step> program = new ArrayList<>();
            for (int number = tenant; number < steps; number += tenants) {
                program.add(new Step(number, kind(chance.below(sum)), chance.bits()));
            }
            programs.add(program);
        }
        return programs;
    }

    private Kind kind(long ticket) {
        long left = ticket;
        for (Map.Entry<Kind, Integer> weight : weights.entrySet()) {
            left -= weight.getValue();
            if (left < 0) {
                return weight.getKey();
            }
        }
        throw new IllegalStateException("ticket " + ticket + " is beyond all weights of " + name);
    }

    @Override
    public String toString() {
        return name;
    }
}
