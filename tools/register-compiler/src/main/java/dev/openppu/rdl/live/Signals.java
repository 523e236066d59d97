package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Signal;
import dev.openppu.rdl.path.LocatedNode;
import java.util.HashMap;
import java.util.Map;

/** The wires of a map's signals, by their full paths. */
final class Signals {

    private final Map<String, SignalLine> lines = new HashMap<>();

    /** The wire of a signal. */
    SignalLine of(LocatedNode node) {
        Signal signal = (Signal) node.node();
        return lines.computeIfAbsent(node.path(), _ -> new SignalLine(signal.properties().is("activelow"), signal.width()));
    }
}
