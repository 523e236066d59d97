package dev.openppu.rdl.emit.svd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands in a scope so far: a second description of a place must name the first one. */
final class Placed {

    private final List<Place> places = new ArrayList<>();

    private long end;

    private record Place(String name, long from, long to) {}

    /** Adds something; returns the name of the latest one before it that shares an address with it, or null. */
    @Nullable
    String add(String name, long from, long size) {
        String other = null;
        // Most come in order and apart: only what begins before the end of another can share its addresses.
        for (int i = places.size() - 1; from < end && i >= 0 && other == null; i--) {
            Place place = places.get(i);
            if (place.from < from + size && from < place.to) {
                other = place.name;
            }
        }
        end = Math.max(end, from + size);
        places.add(new Place(name, from, from + size));
        return other;
    }
}
