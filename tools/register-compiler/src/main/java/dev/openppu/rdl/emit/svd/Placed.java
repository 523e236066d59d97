package dev.openppu.rdl.emit.svd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands in a scope so far: a second description of a place must name the first one. */
final class Placed {

    private final List<Place> places = new ArrayList<>();

    private record Place(String name, long from, long to) {}

    /** Adds something; returns the name of the latest one before it that shares an address with it, or null. */
    @Nullable
    String add(String name, long from, long size) {
        String other = null;
        for (int i = places.size() - 1; i >= 0 && other == null; i--) {
            Place place = places.get(i);
            if (place.from < from + size && from < place.to) {
                other = place.name;
            }
        }
        places.add(new Place(name, from, from + size));
        return other;
    }
}
