package dev.openppu.rdl.live;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.Block;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All registers of a map, its arrays expanded, as cells of at most 64 bits in the order of their addresses. A cell that is an alias
 * of another keeps its value in that one's.
 */
final class Cells {

    private final long[] starts;
    private final int[] sizes;
    private final int[] accessBytes;
    private final int[] words;
    private final int[] stores;
    private final WordBehaviour[] behaviours;
    private final long[] reserved;
    private final Instance[] instances;
    private final AddressTable reads;
    private final AddressTable writes;

    /**
     * A block or register where it stands.
     *
     * @param node   it, an element of its array
     * @param base   the element's address
     * @param parent what it stands in, or null for the map
     * @param index  the element's number, 0 where there is no array
     */
    record Instance(Addressable node, long base, @Nullable Instance parent, long index) {}

    private record Cell(long start, int word, Instance instance) {}

    Cells(AddressMap map) {
        List<Cell> found = new ArrayList<>();
        expand(new Instance(map, 0, null, 0), found);
        found.sort(Comparator.comparingLong(Cell::start));
        int count = found.size();
        starts = new long[count];
        sizes = new int[count];
        accessBytes = new int[count];
        words = new int[count];
        stores = new int[count];
        behaviours = new WordBehaviour[count];
        reserved = new long[count];
        instances = new Instance[count];
        IdentityHashMap<Register, WordBehaviour[]> known = new IdentityHashMap<>();
        for (int i = 0; i < count; i++) {
            Cell cell = found.get(i);
            Register register = (Register) cell.instance.node();
            WordBehaviour behaviour = known.computeIfAbsent(register, Cells::behaviours)[cell.word];
            starts[i] = cell.start;
            sizes[i] = Math.min(8, register.width() / 8);
            accessBytes[i] = Math.min(8, register.accessWidth() / 8);
            words[i] = cell.word;
            stores[i] = i;
            behaviours[i] = behaviour;
            instances[i] = cell.instance;
            reserved[i] = map.properties().is("rsvdset") ? behaviour.bits & ~behaviour.defined() : 0;
        }
        reads = table(cell -> behaviours[cell].readable != 0);
        writes = table(cell -> behaviours[cell].writable != 0);
        resolveAliases();
    }

    private static WordBehaviour[] behaviours(Register register) {
        WordBehaviour[] all = new WordBehaviour[Math.max(1, register.width() / 64)];
        for (int word = 0; word < all.length; word++) {
            all[word] = new WordBehaviour(register, word);
        }
        return all;
    }

    private static void expand(Instance instance, List<Cell> found) {
        if (instance.node() instanceof Register register) {
            for (int word = 0; word < Math.max(1, register.width() / 64); word++) {
                found.add(new Cell(instance.base() + word * 8L, word, instance));
            }
        } else if (instance.node() instanceof Block block) {
            block.children().stream().filter(Addressable.class::isInstance).map(Addressable.class::cast)
                    .forEach(child -> expandElements(instance, child, found));
        }
    }

    private static void expandElements(Instance parent, Addressable child, List<Cell> found) {
        long count = child.array().count();
        for (long i = 0; i < count; i++) {
            expand(new Instance(child, parent.base() + child.offset() + i * child.array().stride(), parent, i), found);
        }
    }

    private interface Preference {
        boolean of(int cell);
    }

    /** Where two registers share an address, one for reads and one for writes, the preferred one comes last and stays. */
    private AddressTable table(Preference preference) {
        int[] order = IntStream.range(0, starts.length).boxed()
                .sorted(Comparator.comparing((Integer cell) -> preference.of(cell)).thenComparing(cell -> cell)).mapToInt(Integer::intValue)
                .toArray();
        return new AddressTable(starts, sizes, order);
    }

    private void resolveAliases() {
        for (int cell = 0; cell < starts.length; cell++) {
            Instance instance = instances[cell];
            Value.Reference alias = instance.node().properties().reference("alias");
            Instance parent = instance.parent();
            if (alias != null && parent != null && parent.node() instanceof Block block) {
                int at = cell;
                block.child(alias.steps().getFirst().name()).map(Addressable.class::cast).ifPresent(primary -> {
                    long address = parent.base() + primary.offset() + instance.index() * primary.array().stride() + words[at] * 8L;
                    int target = reads.find(address);
                    if (target >= 0) {
                        stores[at] = target;
                    }
                });
            }
        }
    }

    int count() {
        return starts.length;
    }

    WordBehaviour behaviour(int cell) {
        return behaviours[cell];
    }

    /** The cell that holds {@code cell}'s value. */
    int store(int cell) {
        return stores[cell];
    }

    long registerAddress(int cell) {
        return instances[cell].base();
    }

    Instance instance(int cell) {
        return instances[cell];
    }

    /** Undefined bits that read as ones. */
    long reservedOnes(int cell) {
        return reserved[cell];
    }

    /** How far {@code address} is into the cell, in bits. */
    int shift(int cell, long address) {
        return (int) (address - starts[cell]) << 3;
    }

    int forRead(long address, int bytes) {
        return checked(reads.find(address), address, bytes);
    }

    int forWrite(long address, int bytes) {
        return checked(writes.find(address), address, bytes);
    }

    private int checked(int cell, long address, int bytes) {
        if (cell < 0 || bytes < accessBytes[cell] || bytes > sizes[cell] || (address & bytes - 1) != 0 || Integer.bitCount(bytes) != 1) {
            throw refusal(cell, address, bytes);
        }
        return cell;
    }

    private UnmappedRegisterException refusal(int cell, long address, int bytes) {
        return new UnmappedRegisterException(address, bytes, cell < 0
                ? "there is no register"
                : "register " + instances[cell].node().name() + " at 0x" + Long.toHexString(registerAddress(cell))
                        + " takes aligned accesses of " + accessBytes[cell] + (accessBytes[cell] == sizes[cell] ? "" : " to " + sizes[cell])
                        + " bytes");
    }

    /** The cell for hardware: any part of it will do. */
    int forHardware(long address, int bytes) {
        int cell = address < 0 ? -1 : reads.find(address);
        if (cell < 0 || address + bytes > starts[cell] + sizes[cell]) {
            throw refusal(cell, address, bytes);
        }
        return cell;
    }

    /** All cells of the register at {@code address}, those of a second register at the same address included. */
    IntStream cellsOf(long address) {
        int cell = forHardware(address, 1);
        long base = registerAddress(cell);
        int first = cell;
        while (first > 0 && starts[first - 1] >= base) {
            first--;
        }
        return IntStream.range(first, starts.length).takeWhile(at -> at <= cell || registerAddress(at) == base)
                .filter(at -> registerAddress(at) == base);
    }

    /** The cell of the word at {@code address}, or -1. */
    int find(long address) {
        return reads.find(address);
    }
}
