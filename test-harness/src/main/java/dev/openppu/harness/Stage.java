package dev.openppu.harness;

import java.util.List;

/**
 * A part of a suite; its cases run in order.
 *
 * @param id lower case with hyphens
 */
public record Stage(String id, String title, List<Case> cases) {
    public Stage {
        cases = List.copyOf(cases);
    }
}
