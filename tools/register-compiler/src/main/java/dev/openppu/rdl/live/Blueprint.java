package dev.openppu.rdl.live;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import dev.openppu.rdl.path.SharedRegisters;
import java.util.ArrayList;
import java.util.List;

/**
 * What all devices of one map have in common: where its nodes stand, how its registers behave, what resets them. Whoever makes many devices makes one
 * blueprint, and each of {@link LiveRegisters} from it. It does not change as far as one can see; safe for several threads.
 */
public final class Blueprint {

    private static final int MOST_GRANULE = 3;

    private final Locator locator;
    private final SharedRegisters shared;
    private final Behaviours behaviours = new Behaviours();
    private final ResetNames resets;
    private final long bytes;
    private final int granule;
    private final List<LocatedNode> following = new ArrayList<>();

    /**
     * Of {@code map}.
     *
     * @throws IllegalArgumentException if more than 1,048,576 registers of it follow others by their properties: what follows has to
     *                                  be there from the start
     */
    public Blueprint(AddressMap map) {
        locator = new Locator(map);
        shared = new SharedRegisters(map);
        resets = new ResetNames(map);
        bytes = map.elementSize();
        granule = granule(map, MOST_GRANULE);
        new Following(following::add).bear(locator.root());
    }

    /** log2 of what all places and widths in {@code node} are multiples of; {@code most} at most. */
    private static int granule(Addressable node, int most) {
        long stride = node.array().isArray() ? node.array().stride() : 0;
        int granule = Math.min(most, Long.numberOfTrailingZeros(node.offset() | stride));
        if (node instanceof Register register) {
            return Math.min(granule, Integer.numberOfTrailingZeros(register.width() / 8));
        }
        for (Object child : ((Block) node).children()) {
            if (child instanceof Addressable inside) {
                granule = Math.min(granule, granule(inside, granule));
            }
        }
        return granule;
    }

    /** Finds the map's nodes by path and address. */
    public Locator locator() {
        return locator;
    }

    /** Which registers are one. */
    SharedRegisters shared() {
        return shared;
    }

    RegisterBehaviour behaviour(LocatedNode register) {
        return behaviours.of(register);
    }

    ResetNames resets() {
        return resets;
    }

    /** Bytes of the map. */
    long bytes() {
        return bytes;
    }

    /** log2 of what all places and widths are multiples of, 3 at most. */
    int granule() {
        return granule;
    }

    /** The registers that have to be there from the start, because they follow others. */
    List<LocatedNode> following() {
        return following;
    }
}
