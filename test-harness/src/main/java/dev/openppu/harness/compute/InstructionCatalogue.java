package dev.openppu.harness.compute;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Every instruction that gives a thread a result from operands of its own, with the values at which it goes wrong and what it gives by plain Java (docs/tix.md, section 3). */
public final class InstructionCatalogue {
    private final List<InstructionCheck> all = new ArrayList<>();

    private InstructionCatalogue() {}

    /** By what they are said to do. */
    public static Map<String, List<InstructionCheck>> groups() {
        InstructionCatalogue catalogue = new InstructionCatalogue();
        IntegerInstructions.addTo(catalogue);
        BitInstructions.addTo(catalogue);
        FloatInstructions.addTo(catalogue);
        Comparisons.addTo(catalogue);
        Conversions.addTo(catalogue);
        return catalogue.all.stream().collect(Collectors.groupingBy(InstructionCheck::group, LinkedHashMap::new, Collectors.toList()));
    }

    InstructionGroup group(String title) {
        return new InstructionGroup(title, all);
    }
}
