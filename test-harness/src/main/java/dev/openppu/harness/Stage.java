package dev.openppu.harness;

import java.util.List;

/**
 * A part of a suite; its cases run in order.
 *
 * @param id lower case with hyphens
 * @param gate if a case of this stage fails, the stages behind it make no sense and are skipped
 */
public record Stage(String id, String title, boolean gate, List<Case> cases) {
    public Stage {
        cases = List.copyOf(cases);
    }
}
