package dev.openppu.harness;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Stages that run in order on one link. */
public record Suite(String id, String title, List<Stage> stages) {
    public Suite {
        stages = List.copyOf(stages);
        Set<String> ids = new HashSet<>();
        for (Stage stage : stages) {
            for (Case c : stage.cases()) {
                if (!ids.add(c.id())) {
                    throw new IllegalArgumentException("two cases are called " + c.id());
                }
            }
        }
    }

    public int size() {
        return stages.stream().mapToInt(stage -> stage.cases().size()).sum();
    }
}
