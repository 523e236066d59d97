package dev.openppu.rdl.emit.c;

import dev.openppu.rdl.model.Addressable;
import java.util.List;

/** What becomes of a register or block in the structure of the block that it is in. */
sealed interface CMember {

    /** The register or block. */
    Addressable node();

    /** Its name in the structure. */
    String name();

    /**
     * A member of the structure.
     *
     * @param extent      bytes from its first to the end of its last element, what pads that included
     * @param alignment   what C puts at multiples of so many bytes only
     * @param declaration its declaration, line by line
     */
    record Placed(Addressable node, String name, long extent, int alignment, List<String> declaration) implements CMember {}

    /** Not expressible; {@code reason} completes "left out: ". */
    record LeftOut(Addressable node, String name, String reason) implements CMember {}
}
