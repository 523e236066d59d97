package dev.openppu.harness.sim;

import dev.openppu.harness.cover.Coverage;
import java.util.List;

/**
 * More of a life than what came of it: noted only where somebody asks for it.
 *
 * @param scenes the faults that have struck, in their order
 */
public record Account(List<Scene> scenes, Coverage coverage) {
    public Account {
        scenes = List.copyOf(scenes);
    }
}
