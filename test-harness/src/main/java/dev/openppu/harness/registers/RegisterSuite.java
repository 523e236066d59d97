package dev.openppu.harness.registers;

import dev.openppu.harness.Case;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.Stage;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.UnobservableException;
import dev.openppu.harness.bench.Bench;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Cases for every register and memory of elaborated maps: a stage a sequence, a case a register of the description, whose array elements it tries together. What is predicted follows from the
 * description alone.
 */
public final class RegisterSuite {
    private static final int ALL_ELEMENTS = 3;

    private final List<MapUnderTest> maps;
    private final TestedMap tested;
    private final SuiteSettings settings;
    private final Presence presence;
    private final ResetImages images;

    /**
     * @throws IllegalArgumentException if a map is too large, or an exclusion names nothing in them
     */
    public RegisterSuite(List<MapUnderTest> maps, Exclusions exclusions, Presence presence, SuiteSettings settings) {
        this.maps = List.copyOf(maps);
        this.tested = new TestedMap(maps, exclusions);
        this.settings = settings;
        this.presence = presence;
        this.images = new ResetImages(tested, settings.seed(), presence);
    }

    public List<Stage> stages() {
        List<Stage> stages = new ArrayList<>();
        add(stages, Sequence.RESET, perRegister(Sequence.RESET, r -> r.fields().stream().anyMatch(f -> f.field().reset() != null
                && f.field().sw().canRead()), (bench, register) -> images.plain(bench).check(register)));
        add(stages, Sequence.BIT_BASH, perRegister(Sequence.BIT_BASH, r -> true,
                (bench, register) -> Probes.bitBash(new RegisterBus(bench, tested), register)));
        add(stages, Sequence.WALK, perRegister(Sequence.WALK, r -> r.register().isWritable(),
                (bench, register) -> Probes.walk(new RegisterBus(bench, tested), register)));
        add(stages, Sequence.LOCK, perRegister(Sequence.LOCK, r -> r.fields().stream().anyMatch(f -> f.lock() != null),
                (bench, register) -> Probes.lock(new RegisterBus(bench, tested), register)));
        add(stages, Sequence.ONCE, once());
        add(stages, Sequence.SHARED, shared());
        add(stages, Sequence.ALIASING, whole(Sequence.ALIASING, "all", this::aliasing));
        add(stages, Sequence.SHUFFLED, shuffled());
        add(stages, Sequence.DIRTY_RESET, perRegister(Sequence.DIRTY_RESET, r -> r.register().isWritable() && r.register().isReadable()
                && r.sharedWith() == null, (bench, register) -> images.dirty(bench).check(register)));
        add(stages, Sequence.ACCESS, whole(Sequence.ACCESS, "all", (bench, registers) -> {
            throw new UnobservableException("the link has no way behind the bus: it shows registers from the front only");
        }));
        add(stages, Sequence.MEMORY_ACCESS, memories(Sequence.MEMORY_ACCESS));
        add(stages, Sequence.MEMORY_WALK, memories(Sequence.MEMORY_WALK));
        return stages;
    }

    private static void add(List<Stage> stages, Sequence sequence, List<Case> cases) {
        if (!cases.isEmpty()) {
            stages.add(new Stage("reg-" + sequence.id(), sequence.title(), cases));
        }
    }

    // ---- a case a register

    @FunctionalInterface
    private interface Probe {
        void on(Bench bench, TestedRegister register);
    }

    private List<Case> perRegister(Sequence sequence, Predicate<TestedRegister> concerned, Probe probe) {
        return definitions(concerned).entrySet().stream().map(entry -> {
            List<TestedRegister> elements = entry.getValue();
            TestedRegister first = elements.getFirst();
            return Case.of(id(sequence, entry.getKey()), sequence.title() + ": " + entry.getKey(), rule(sequence, first), bench -> {
                List<TestedRegister> present = present(bench, sequence, elements);
                elements(present, sequence).forEach(register -> probe.on(bench, register));
                note(bench, present);
            });
        }).toList();
    }

    private Map<String, List<TestedRegister>> definitions(Predicate<TestedRegister> concerned) {
        return tested.registers().stream().sorted(Probes.byPlace()).filter(concerned)
                .collect(Collectors.groupingBy(this::name, LinkedHashMap::new, Collectors.toList()));
    }

    private String name(TestedRegister register) {
        return (register.bar() == maps.getFirst().bar() ? "" : "bar" + register.bar() + ".") + register.definition();
    }

    private static String id(Sequence sequence, String name) {
        return "reg." + sequence.id() + "." + name;
    }

    private Rule rule(Sequence sequence, TestedRegister register) {
        return new Rule(sequence.rule(), register.source(source(register.bar())));
    }

    private String source(int bar) {
        return maps.stream().filter(map -> map.bar() == bar).findFirst().map(MapUnderTest::source).orElse("");
    }

    /** The elements that are there and not excluded, at least one. */
    private List<TestedRegister> present(Bench bench, Sequence sequence, List<TestedRegister> elements) {
        List<TestedRegister> included = elements.stream().filter(r -> r.included(sequence)).toList();
        if (included.isEmpty()) {
            throw new SkippedException("excluded: " + elements.getFirst().excluded().get(sequence));
        }
        List<TestedRegister> present = included.stream().filter(r -> presence.absent(bench, r.bar(), r.path()).isEmpty()).toList();
        if (present.isEmpty()) {
            TestedRegister first = included.getFirst();
            throw new SkippedException(presence.absent(bench, first.bar(), first.path()).orElse("absent"));
        }
        return demandComparable(present);
    }

    private static List<TestedRegister> demandComparable(List<TestedRegister> registers) {
        List<TestedField> fields = registers.stream().flatMap(r -> r.fields().stream()).toList();
        if (!fields.isEmpty() && fields.stream().noneMatch(TestedField::compared)) {
            TestedField first = fields.getFirst();
            throw new SkippedException("nothing can be compared: " + first.noCompare()
                    .orElse("what " + first.path() + " holds follows from others, by its next, incr, we or the like"));
        }
        return registers;
    }

    /** All, or of many the first, one in the middle and the last. A reset value is compared in all. */
    private List<TestedRegister> elements(List<TestedRegister> present, Sequence sequence) {
        boolean all = settings.thorough() || present.size() <= ALL_ELEMENTS || sequence == Sequence.RESET
                || sequence == Sequence.DIRTY_RESET;
        return all ? present : List.of(present.getFirst(), present.get(present.size() / 2), present.getLast());
    }

    private void note(Bench bench, List<TestedRegister> registers) {
        registers.stream().limit(1).forEach(register -> {
            tested.halves().readers(register)
                    .forEach(other -> bench.note("reads at the address of " + register.path() + " are answered by " + other.path()));
            tested.halves().writers(register)
                    .forEach(other -> bench.note("nothing is written to " + register.path() + ": a write would be one of " + other.path()));
        });
        registers.stream().limit(1).flatMap(r -> r.fields().stream()).forEach(field -> {
            field.noWrite().ifPresent(reason -> bench.note(field.path() + " is not written: " + reason));
            field.noCompare().ifPresent(reason -> bench.note(field.path() + " is not compared: " + reason));
        });
    }

    // ---- a case for many registers

    @FunctionalInterface
    private interface WholeProbe {
        void on(Bench bench, List<TestedRegister> registers);
    }

    private List<Case> whole(Sequence sequence, String name, WholeProbe probe) {
        return List.of(Case.of(id(sequence, name), sequence.title(), new Rule(sequence.rule(), source(maps.getFirst().bar())),
                bench -> probe.on(bench, included(bench, sequence))));
    }

    private List<TestedRegister> included(Bench bench, Sequence sequence) {
        List<TestedRegister> registers = tested.registers().stream().sorted(Probes.byPlace())
                .filter(r -> r.included(sequence) && presence.absent(bench, r.bar(), r.path()).isEmpty()).toList();
        if (registers.isEmpty()) {
            throw new SkippedException("every register is excluded or absent");
        }
        return registers;
    }

    private void aliasing(Bench bench, List<TestedRegister> registers) {
        RegisterBus bus = new RegisterBus(bench, tested);
        if (settings.thorough()) {
            Probes.aliasingThoroughly(bus, registers, settings.seed());
        } else {
            Probes.aliasing(bus, registers, settings.seed());
        }
        bench.note(registers.size() + " registers, seed " + settings.seed());
    }

    private List<Case> shuffled() {
        List<Case> cases = new ArrayList<>(whole(Sequence.SHUFFLED, "accesses", (bench, registers) -> {
            Probes.shuffled(new RegisterBus(bench, tested), registers, settings.seed(), false);
            bench.note("seed " + settings.seed());
        }));
        cases.addAll(whole(Sequence.SHUFFLED, "reset-amid-accesses", (bench, registers) -> {
            Probes.shuffled(new RegisterBus(bench, tested), registers, settings.seed(), true);
            bench.note("seed " + settings.seed());
        }));
        return cases;
    }

    private List<Case> once() {
        List<TestedRegister> concerned = tested.registers().stream()
                .filter(r -> r.fields().stream().anyMatch(f -> f.field().sw().once())).toList();
        return concerned.isEmpty()
                ? List.of()
                : whole(Sequence.ONCE, "all", (bench, registers) -> Probes.once(new RegisterBus(bench, tested),
                        registers.stream().filter(concerned::contains).toList()));
    }

    private List<Case> shared() {
        Map<String, List<TestedRegister>> groups = new LinkedHashMap<>();
        for (TestedRegister register : tested.registers()) {
            if (register.sharedWith() != null) {
                groups.computeIfAbsent(register.sharedWith(), path -> new ArrayList<>(tested.registers().stream()
                        .filter(r -> r.path().equals(path)).toList())).add(register);
            }
        }
        return groups.entrySet().stream()
                .map(group -> Case.of(id(Sequence.SHARED, group.getKey()), Sequence.SHARED.title() + ": " + group.getKey(),
                        rule(Sequence.SHARED, group.getValue().getLast()), bench -> Probes.shared(new RegisterBus(bench, tested),
                                present(bench, Sequence.SHARED, group.getValue()))))
                .toList();
    }

    // ---- memories

    private List<Case> memories(Sequence sequence) {
        return tested.memories().stream().collect(Collectors.groupingBy(TestedMemory::definition, LinkedHashMap::new, Collectors.toList()))
                .entrySet().stream().map(entry -> Case.of(id(sequence, entry.getKey()), sequence.title() + ": " + entry.getKey(),
                        new Rule(sequence.rule(), entry.getValue().getFirst().source(source(entry.getValue().getFirst().bar()))),
                        bench -> entry.getValue().forEach(memory -> memory(bench, sequence, memory))))
                .toList();
    }

    private void memory(Bench bench, Sequence sequence, TestedMemory memory) {
        String reason = memory.excluded().get(sequence);
        if (reason != null) {
            throw new SkippedException("excluded: " + reason);
        }
        memory.untestable().ifPresent(untestable -> {
            throw new SkippedException(untestable);
        });
        bench.closePpu();
        bench.function().enable();
        if (sequence == Sequence.MEMORY_WALK) {
            MemoryProbes.walk(bench.mmio(memory.bar()), memory, settings.thorough());
        } else {
            MemoryProbes.access(bench.mmio(memory.bar()), memory, settings.thorough());
        }
    }
}
