package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Memory;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What of a map has come into being, by address: cells and memories. */
final class Registers {

    final Cells cells;
    final MemoryPort.Ports memories = new MemoryPort.Ports();
    private final Locator locator;
    private final List<Outside> outsides = new ArrayList<>();

    /** A stretch of addresses that something else implements. */
    private record Outside(long start, long size, ExternalRegisters device) {}

    Registers(Locator locator, Cells cells) {
        this.locator = locator;
        this.cells = cells;
    }

    /** The memory at {@code address}, or null. */
    @Nullable
    MemoryPort memory(long address) {
        MemoryPort present = memories.find(address);
        if (present != null) {
            return present;
        }
        for (LocatedNode node : locator.at(address)) {
            if (node.node() instanceof Memory) {
                MemoryPort port = memories.add(new MemoryPort(node));
                port.outside = outside(port.start);
                return port;
            }
        }
        return null;
    }

    /**
     * The cell for hardware, any part of which will do; null where there is a memory.
     *
     * @throws UnmappedRegisterException if there is neither
     */
    @Nullable
    Cell forHardware(long address, int bytes) {
        Cell cell = cells.reader(address);
        if (cell == null) {
            cells.create(address);
            cell = cells.reader(address);
        }
        if (cell == null ? memory(address) == null : !cell.covers(address, bytes)) {
            throw refusal(address, bytes);
        }
        return cell;
    }

    /** The cells of the registers at {@code address}; two where one is for reads and the other for writes. */
    List<Cell[]> registersAt(long address) {
        List<Cell[]> found = new ArrayList<>();
        for (LocatedNode node : locator.at(address)) {
            if (node.node() instanceof Register) {
                found.add(cells.of(node));
            }
        }
        if (found.isEmpty()) {
            throw refusal(address, 1);
        }
        return found;
    }

    void attach(LocatedNode node, long size, ExternalRegisters device) {
        outsides.add(new Outside(node.address(), size, device));
        for (Cell cell : cells.created()) {
            attach(cell);
        }
        for (MemoryPort memory : memories.all()) {
            memory.outside = outside(memory.start);
        }
    }

    /** Lets a cell that has come into being go to what is attached around it. */
    void attach(Cell cell) {
        ExternalRegisters device = outsides.isEmpty() ? null : outside(cell.start);
        if (device != null) {
            cell.hooks().outside = device;
        }
    }

    /** What is attached around {@code start}, as seen from there: the last attached wins. */
    private @Nullable ExternalRegisters outside(long start) {
        for (int i = outsides.size() - 1; i >= 0; i--) {
            Outside outside = outsides.get(i);
            if (start >= outside.start && start < outside.start + outside.size) {
                return new Window(outside.device, start - outside.start);
            }
        }
        return null;
    }

    /** A device from {@code offset} on. */
    private record Window(ExternalRegisters device, long offset) implements ExternalRegisters {
        @Override
        public long read(long address, int bytes) {
            return device.read(offset + address, bytes);
        }

        @Override
        public void write(long address, int bytes, long value) {
            device.write(offset + address, bytes, value);
        }
    }

    UnmappedRegisterException refusal(long address, int bytes) {
        cells.create(address);
        Cell cell = cells.reader(address);
        if (cell != null) {
            WordBehaviour behaviour = cell.behaviour;
            return new UnmappedRegisterException(address, bytes, "register " + behaviour.register.name() + " at 0x"
                    + Long.toHexString(cell.registerAddress()) + " takes aligned accesses of " + behaviour.accessBytes
                    + (behaviour.accessBytes == behaviour.bytes ? "" : " to " + behaviour.bytes) + " bytes");
        }
        return new UnmappedRegisterException(address, bytes, memory(address) == null
                ? "there is no register"
                : "a memory takes aligned accesses of 1, 2, 4 or 8 bytes that do not reach beyond its end");
    }
}
