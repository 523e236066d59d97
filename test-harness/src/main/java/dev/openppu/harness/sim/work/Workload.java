package dev.openppu.harness.sim.work;

import dev.openppu.harness.sim.work.Step.Kind;
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
            new Workload("mixed", "copies, kernels, streams, events, pools and contexts, no large buffers", 3, 200, usual()),
            new Workload("copies", "copies and fills of every kind", 2, 200,
                    usual(Kind.COPY_IN, 20, Kind.COPY_IN_PINNED, 20, Kind.COPY_OUT, 20, Kind.COPY_OUT_PINNED, 20, Kind.COPY_WITHIN, 20,
                            Kind.FILL, 10,
                            Kind.FILL_RECTANGLE, 10)),
            new Workload("kernels", "kernels, between copies", 3, 150, usual(Kind.KERNEL, 60, Kind.NEW_STREAM, 8, Kind.CLOSE_STREAM, 6)),
            new Workload("streams", "many streams, events and values that wait for each other", 4, 240,
                    usual(Kind.HAND_OVER, 30, Kind.WAIT_VALUE, 20, Kind.NEW_STREAM, 20, Kind.CLOSE_STREAM, 14, Kind.BATCH, 12)),
            new Workload("contexts", "contexts that come and go", 6, 240,
                    usual(Kind.NEW_CONTEXT, 30, Kind.NEW_BUFFER, 12, Kind.CLOSE_BUFFER, 10, Kind.CURRENT, 4)),
            new Workload("large", "copies and fills of more than one chunk of staging memory and one burst of an engine", 2, 60,
                    usual(Kind.LARGE_IN, 12, Kind.LARGE_OUT, 12, Kind.LARGE_WITHIN, 8, Kind.LARGE_FILL, 4)),
            new Workload("rectangles", "copies and fills of rows, of elements of one, two and four bytes", 2, 160,
                    usual(Kind.FILL_NARROW, 16, Kind.FILL_RECTANGLE_NARROW, 12, Kind.COPY_RECTANGLE, 24, Kind.RECTANGLE_IN, 12,
                            Kind.RECTANGLE_OUT, 12, Kind.PITCHED, 12)),
            new Workload("defaults", "default streams beside others, in primary contexts and others", 3, 200,
                    usual(Kind.LEGACY, 40, Kind.PER_THREAD, 20, Kind.NON_BLOCKING, 6, Kind.PRIMARY_CONTEXT, 6)),
            new Workload("peers",
                    "two contexts of each tenant, and what is set and asked: copies between them, limits, options, pointers, modules",
                    3, 160,
                    usual(Kind.PEER_COPY, 30, Kind.PORTABLE, 12, Kind.FOREIGN, 4, Kind.LIMITS, 4, Kind.OPTIONS, 6, Kind.CURRENT, 4,
                            Kind.POINTERS, 6, Kind.MEMORY_INFO, 6, Kind.HELD, 12, Kind.HANDLES, 8, Kind.MODULE, 10, Kind.PRIMARY_RULES, 4)),
            new Workload("wrong", "programs that are wrong: use of what was freed, and other mistakes, each of which costs its context", 4,
                    160,
                    usual(Kind.USE_FREED, 14, Kind.MISTAKE, 14)),
            new Workload("pools", "pooled memory that stays: taken, read, freed and taken again in any stream", 2, 160,
                    usual(Kind.POOL_TAKE, 40, Kind.POOL_USE, 20, Kind.POOL_FREE, 40, Kind.POOL_RULES, 8, Kind.NON_BLOCKING, 3)),
            new Workload("launches", "kernels of up to three dimensions, large parameters, and stores of bytes", 2, 120,
                    usual(Kind.LAUNCH_SHAPED, 40, Kind.LAUNCH_NARROW, 30)),
            new Workload("queries", "work that is asked after instead of waited for, events recorded again, rectangles side by side", 3,
                    180,
                    usual(Kind.POLL, 24, Kind.LEGACY_ASKED, 10, Kind.EVENT_AGAIN, 12, Kind.RECTANGLES_BESIDE, 12, Kind.ROUNDS, 3)),
            new Workload("waits", "waits that are given up, by time-outs and interrupts; work behind copies that may hang", 3, 140,
                    usual(Kind.TIME_OUT, 14, Kind.INTERRUPT, 14, Kind.BEHIND, 40, Kind.STAGE, 16)),
            new Workload("care", "an administrator at work among the tenants: metrics, clocks, health, logs, dumps, watchdog, drains", 3,
                    140,
                    usual(Kind.METRICS, 20, Kind.CLOCKS, 10, Kind.HEALTH, 10, Kind.FIRMWARE_LOG, 10, Kind.DUMP, 1, Kind.WATCHDOG, 8,
                            Kind.DRAIN, 10, Kind.UPDATE, 1, Kind.NEW_CONTEXT, 6)),
            new Workload("resets", "an administrator resets queues, engines and the device under the tenants", 3, 160,
                    usual(Kind.RESET, 5, Kind.NEW_STREAM, 6, Kind.HAND_OVER, 20, Kind.WAIT_VALUE, 8, Kind.PRIMARY_CONTEXT, 2,
                            Kind.HEALTH, 3)),
            new Workload("threads", "several threads at a time in each stream, and in each context", 2, 80,
                    usual(Kind.TOGETHER, 24)),
            new Workload("crowd", "more streams than there are queues for, events by the dozen, memory in splinters", 2, 80,
                    usual(Kind.CROWD, 8, Kind.OWN_EVENT, 14, Kind.EVENTS, 3, Kind.SPLINTERS, 2)),
            new Workload("refused", "calls that are refused: ranges that are not inside of their memory, objects that are closed", 3, 160,
                    usual(Kind.OUTSIDE, 40, Kind.USE_CLOSED, 20, Kind.FOREIGN, 6)),
            new Workload("all", "every kind of step that there is", 3, 200, everything()));

    /** Stands for one of the others: each life has its own, by its seed. */
    public static final Workload EVERY = new Workload("every", "each life has one of the others, by its seed", 0, 0, Map.of());

    private static Map<Kind, Integer> usual(Object... more) {
        Map<Kind, Integer> weights = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            weights.put(kind, switch (kind) {
                case LARGE_IN, LARGE_OUT, LARGE_WITHIN, LARGE_FILL, FILL_NARROW, FILL_RECTANGLE_NARROW, COPY_RECTANGLE, RECTANGLE_IN,
                        RECTANGLE_OUT, PITCHED, LEGACY, PER_THREAD, NON_BLOCKING, PRIMARY_CONTEXT, TIMES, VALUES_32, REGISTER, OWN_POOL,
                        USE_CLOSED, PEER_COPY, PORTABLE, FOREIGN, LIMITS, OPTIONS, CURRENT, POINTERS, MEMORY_INFO, HELD, HANDLES, MODULE,
                        USE_FREED, MISTAKE, POOL_TAKE, POOL_USE, POOL_FREE, POOL_RULES, LAUNCH_SHAPED, LAUNCH_NARROW, POLL, LEGACY_ASKED,
                        EVENT_AGAIN, RECTANGLES_BESIDE, TIME_OUT, INTERRUPT, BEHIND, TOGETHER, STAGE, ROUNDS, CROWD, OWN_EVENT, EVENTS,
                        SPLINTERS, OUTSIDE, PRIMARY_RULES, METRICS,
                        CLOCKS, HEALTH,
                        FIRMWARE_LOG, DUMP, WATCHDOG, DRAIN, UPDATE, RESET ->
                    0;
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

    private static Map<Kind, Integer> everything() {
        Map<Kind, Integer> weights = usual(Kind.LARGE_IN, 1, Kind.LARGE_OUT, 1, Kind.LARGE_WITHIN, 1, Kind.LARGE_FILL, 1,
                Kind.PRIMARY_CONTEXT, 1, Kind.NON_BLOCKING, 2, Kind.TIMES, 6, Kind.VALUES_32, 6, Kind.LEGACY, 8, Kind.USE_FREED, 1,
                Kind.MISTAKE, 1, Kind.DUMP, 1,
                Kind.UPDATE, 1, Kind.EVENTS, 1, Kind.SPLINTERS, 1, Kind.RESET, 1);
        weights.replaceAll((kind, weight) -> weight == 0 ? 3 : weight);
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
    public Workload ofLife(long seed) {
        return this == EVERY ? ALL.get((int) new Chance(seed).stream("kind of work").below(ALL.size())) : this;
    }

    /** Steps of a life: their numbers count from 0. Of {@link #EVERY}, those of the longest. */
    public int mostSteps() {
        return this == EVERY ? ALL.stream().mapToInt(Workload::steps).max().orElse(0) : steps;
    }

    /** What each tenant does in a life. */
    public List<List<Step>> draw(Chance chance) {
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
