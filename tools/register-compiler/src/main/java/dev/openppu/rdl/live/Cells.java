package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.path.LocatedNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a map's registers, by address. A cell comes into being, at its reset value, when somebody first asks for it: arrays
 * cost nothing for elements that nobody uses.
 */
final class Cells {

    private final Blueprint blueprint;
    private final Birth birth;
    private final CellTable readers;
    /** Only where the register for writes is another than the one for reads. */
    private final CellTable writers;
    private final List<Cell> created = new ArrayList<>();
    private boolean someShareAnAddress;

    /** What has to happen to the cells of a register that has just come into being. */
    interface Birth {
        void register(LocatedNode register, RegisterBehaviour behaviour, Cell[] cells);
    }

    Cells(Blueprint blueprint, Birth birth) {
        this.blueprint = blueprint;
        this.birth = birth;
        this.readers = new CellTable(blueprint.bytes(), blueprint.granule());
        this.writers = new CellTable(0, blueprint.granule());
    }

    // ---- by address

    /** The cell that software reads at {@code address}, if it is there already. */
    @Nullable
    Cell reader(long address) {
        return readers.get(address);
    }

    /** The cell that software writes at {@code address}, if it is there already. */
    @Nullable
    Cell writer(long address) {
        if (someShareAnAddress) {
            Cell other = writers.get(address);
            if (other != null) {
                return other;
            }
        }
        return readers.get(address);
    }

    /** Brings the registers at {@code address} into being. */
    void create(long address) {
        if (reader(address) != null) {
            return;
        }
        for (LocatedNode node : blueprint.locator().at(address)) {
            if (node.node() instanceof Register) {
                of(node);
            }
        }
    }

    /** The cells of a register, from its lowest bits; brought into being where they are not there yet. */
    Cell[] of(LocatedNode register) {
        Cell[] present = present(register);
        return present != null ? present : bear(register);
    }

    private Cell @Nullable [] present(LocatedNode register) {
        RegisterBehaviour behaviour = blueprint.behaviour(register);
        Cell[] found = new Cell[behaviour.words.length];
        for (int word = 0; word < found.length; word++) {
            long start = register.address() + behaviour.words[word].byteOffset;
            Cell reader = readers.get(start);
            Cell cell = reader != null && reader.behaviour == behaviour.words[word] ? reader : writer(start);
            if (cell == null || cell.behaviour != behaviour.words[word]) {
                return null;
            }
            found[word] = cell;
        }
        return found;
    }

    private Cell[] bear(LocatedNode register) {
        RegisterBehaviour behaviour = blueprint.behaviour(register);
        Cell[] cells = new Cell[behaviour.words.length];
        for (int word = 0; word < cells.length; word++) {
            cells[word] = new Cell(behaviour.words[word], register.address());
            enter(cells[word]);
            created.add(cells[word]);
        }
        shareWithPrimary(register, cells);
        birth.register(register, behaviour, cells);
        for (Cell cell : cells) {
            for (long at = cell.start; at < cell.start + cell.behaviour.bytes; at += readers.granuleBytes()) {
                createOthers(at, register);
            }
        }
        return cells;
    }

    /** Two registers may share an address, one for reads and one for writes: both come into being together. */
    private void createOthers(long address, LocatedNode register) {
        List<LocatedNode> here = blueprint.locator().at(address);
        for (LocatedNode other : here) {
            if (here.size() > 1 && other.node() instanceof Register && !other.equals(register)) {
                of(other);
            }
        }
    }

    private void enter(Cell cell) {
        for (long at = cell.start; at < cell.start + cell.behaviour.bytes; at += readers.granuleBytes()) {
            Cell before = readers.get(at);
            if (before == null) {
                readers.put(at, cell);
                continue;
            }
            someShareAnAddress = true;
            boolean readsBetter = cell.behaviour.readable != 0 && before.behaviour.readable == 0;
            boolean writesBetter = cell.behaviour.writable != 0 && before.behaviour.writable == 0;
            if (readsBetter) {
                readers.put(at, cell);
            }
            Cell writer = writesBetter ? cell : before;
            if (writer != readers.get(at)) {
                writers.put(at, writer);
            }
        }
    }

    private void shareWithPrimary(LocatedNode register, Cell[] cells) {
        LocatedNode primary = primaryOf(register);
        if (primary == null) {
            return;
        }
        Cell[] theirs = of(primary);
        for (int word = 0; word < cells.length && word < theirs.length; word++) {
            cells[word].store = theirs[word].store;
        }
    }

    /** The register that keeps the value of {@code register}: what it is an alias of, or shares; null if it is itself. */
    private @Nullable LocatedNode primaryOf(LocatedNode register) {
        Value.Reference alias = register.node().properties().reference("alias");
        LocatedNode parent = register.parent();
        if (parent == null) {
            return null;
        }
        if (alias == null) {
            LocatedNode storage = blueprint.shared().storage(register);
            return storage.equals(register) ? null : storage;
        }
        LocatedNode first = blueprint.locator().follow(parent, alias.steps()).orElse(null);
        if (first == null || !(first.node() instanceof Register primary) || !primary.array().isArray()) {
            return first;
        }
        return new LocatedNode(primary, first.address() + primary.array().offset(register.element()), register.element(), parent);
    }

    /** Every cell that has come into being. */
    List<Cell> created() {
        return created;
    }
}
