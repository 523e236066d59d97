package dev.openppu.harness.registers;

import dev.openppu.hal.DeviceLink;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Node;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a map fits into the BAR that is to show it: a register outside is a wrong map or a wrong BAR, and says nothing of the device. Stateless. */
public final class MapReach {
    private MapReach() {}

    /** A register or memory with its address in the map, for an array its last element. */
    private record Place(String path, long address, long bytes) {
        long end() {
            return address + bytes;
        }
    }

    /** Why {@code map} cannot be tested on {@code link}, a sentence that says what to do; empty if it can. Nothing of the device is accessed. */
    public static Optional<String> refusal(MapUnderTest map, DeviceLink link) {
        Optional<DeviceLink.Bar> bar = link.bars().stream().filter(b -> b.index() == map.bar()).findFirst();
        if (bar.isEmpty()) {
            return Optional.of("%s cannot be tested on %s: it has no BAR%d but %s; say with --bar which one shows the map".formatted(
                    map.source(), link.identity().uri(), map.bar(),
                    link.bars().stream().map(b -> "BAR" + b.index()).collect(Collectors.joining(", "))));
        }
        long size = bar.get().size();
        return beyond("", 0, map.map(), size)
                .map(place -> ("%s cannot be tested on %s: %s at 0x%x (%d bytes) lies beyond the end of BAR%d, which has 0x%x bytes; "
                        + "give the map of what this BAR shows, or say with --bar which one shows this map").formatted(map.source(),
                                link.identity().uri(), place.path(), place.address(), place.bytes(), map.bar(), size));
    }

    /** The first place of {@code node} that ends behind {@code size}. */
    private static Optional<Place> beyond(String path, long address, Addressable node, long size) {
        if (!(node instanceof Block block) || block.children().stream().noneMatch(Addressable.class::isInstance)) {
            Place place = new Place(path, address, node.elementSize());
            return Long.compareUnsigned(place.end(), size) > 0 ? Optional.of(place) : Optional.empty();
        }
        for (Node child : block.children()) {
            if (child instanceof Addressable each) {
                long last = each.array().count() - 1;
                Optional<Place> found = beyond((path.isEmpty() ? "" : path + ".") + each.name() + each.array().subscript(last),
                        address + each.offset() + each.array().offset(last), each, size);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
