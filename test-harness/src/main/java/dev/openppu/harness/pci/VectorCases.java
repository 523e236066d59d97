package dev.openppu.harness.pci;

import dev.openppu.abi.reg.MsixEntryRegs;
import dev.openppu.hal.Observable;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.bench.Messages;
import dev.openppu.harness.bench.VectorTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The MSI-X table and pending bits, vector by vector. */
final class VectorCases {
    private static final int MASKED = MsixEntryRegs.Control.MASK_MASK;
    private static final int ADDRESS_FIXED = 3;

    private VectorCases() {}

    static List<Case> cases(SuiteSettings settings) {
        return List.of(
                msix("table-bits", "Every bit of the table's entries", "7.7.2.5",
                        "Address, data and mask of each entry take what is written, one or two doublewords at a time; reserved bits read 0",
                        bench -> tableBits(bench, settings)),
                msix("after-reset", "The table after a reset", "7.7.2.8", "After a reset every vector is masked and none is pending",
                        VectorCases::afterReset),
                msix("pending", "Pending bits", "7.7.2.9",
                        "A message of a masked vector sets its pending bit and no other; unmasking sends it once and clears the bit",
                        bench -> pending(bench, settings)),
                msix("pending-read-only", "Pending bits are read-only", "7.7.2.9",
                        "Writes change no pending bit: none is set, none is cleared, no message is sent", VectorCases::readOnly),
                msix("function-mask", "Function Mask", "7.7.2.2",
                        "Function Mask holds back the messages of all vectors, whatever their own masks; clearing it sends those whose vectors are not masked",
                        VectorCases::functionMask),
                msix("disabled", "MSI-X Enable off", "7.7.2.2", "While MSI-X is disabled no message is sent", VectorCases::disabled),
                msix("moved", "A message that is changed while masked", "7.7.2.5",
                        "A message goes to the address, with the data, that its entry holds when it is sent", VectorCases::moved)
                        .needing(Observable.MSIX_MASKING, Observable.BUS_ADDRESSES));
    }

    private static Case msix(String id, String title, String clause, String rule, Case.Body body) {
        return Case.of("pci.msix." + id, title, Rule.pcie(clause, rule), body).needing(Observable.MSIX_MASKING);
    }

    /** All of them, or the first and last of each word of pending bits. */
    private static int[] sample(SuiteSettings settings, int vectors) {
        return IntStream.range(0, vectors)
                .filter(v -> settings.thorough() || v % Long.SIZE == 0 || v % Long.SIZE == Long.SIZE - 1 || v == vectors - 1)
                .toArray();
    }

    private static void tableBits(Bench bench, SuiteSettings settings) {
        bench.disableInterrupts();
        VectorTable table = bench.vectorTable();
        for (int vector : sample(settings, new Messages(bench).vectors())) {
            MsixEntryRegs entry = table.entry(vector);
            entry.writeControl(MASKED);
            for (int pattern : patterns()) {
                entry.writeAddressLow(pattern);
                Check.hex("address of vector " + vector, pattern & ~ADDRESS_FIXED, entry.readAddressLow());
                entry.writeAddressHigh(pattern);
                Check.hex("upper address of vector " + vector, pattern, entry.readAddressHigh());
                entry.writeData(pattern);
                Check.hex("data of vector " + vector, pattern, entry.readData());
                entry.writeControl(pattern);
                Check.hex("control of vector " + vector, pattern & MASKED, entry.readControl());
                long address = (long) pattern << Integer.SIZE | Integer.toUnsignedLong(~pattern);
                table.writeAddress(vector, address);
                Check.hex("address of vector %d, written at once".formatted(vector), address & ~ADDRESS_FIXED, table.readAddress(vector));
                Check.hex("upper half of it", pattern, entry.readAddressHigh());
                Check.hex("data and control of vector %d, read at once".formatted(vector),
                        (long) (pattern & MASKED) << Integer.SIZE | Integer.toUnsignedLong(pattern), table.readMessage(vector));
            }
            entry.writeAddressLow(0);
            entry.writeAddressHigh(0);
            entry.writeData(0);
            entry.writeControl(MASKED);
        }
    }

    private static List<Integer> patterns() {
        List<Integer> patterns = new ArrayList<>(List.of(0, -1, 0xA5A5_A5A5, 0x5A5A_5A5A));
        IntStream.range(0, Integer.SIZE).forEach(bit -> patterns.add(1 << bit));
        return patterns;
    }

    private static void afterReset(Bench bench) {
        int vectors = new Messages(bench).vectors();
        Interrupts interrupts = bench.enabledInterrupts();
        interrupts.mask(vectors - 1);
        new Messages(bench).fire(vectors - 1);
        Check.equal("pending bit before the reset", true, interrupts.pending(vectors - 1));
        bench.function().resetMildly();
        VectorTable table = bench.vectorTable();
        for (int vector = 0; vector < vectors; vector++) {
            Check.hex("control of vector " + vector, MASKED, table.entry(vector).readControl());
        }
        for (int word = 0; word * Long.SIZE < vectors; word++) {
            Check.hex("pending bits from vector %d on".formatted(word * Long.SIZE), 0, table.readPending(word));
        }
    }

    private static void pending(Bench bench, SuiteSettings settings) {
        Messages messages = new Messages(bench);
        Interrupts interrupts = bench.enabledInterrupts();
        VectorTable table = bench.vectorTable();
        for (int vector : sample(settings, messages.vectors())) {
            long before = interrupts.delivered(vector);
            interrupts.mask(vector);
            try {
                messages.fire(vector);
                for (int word = 0; word * Long.SIZE < messages.vectors(); word++) {
                    long expected = word == vector / Long.SIZE ? 1L << vector : 0;
                    Check.hex("pending bits from vector %d on, of vector %d".formatted(word * Long.SIZE, vector), expected,
                            table.readPending(word));
                }
            } finally {
                interrupts.unmask(vector);
            }
            messages.await(vector, before + 1);
            Check.equal("pending bit of vector %d after unmasking".formatted(vector), false, interrupts.pending(vector));
            Check.equal("messages on vector " + vector, before + 1, interrupts.delivered(vector));
        }
    }

    private static void readOnly(Bench bench) {
        Messages messages = new Messages(bench);
        Interrupts interrupts = bench.enabledInterrupts();
        VectorTable table = bench.vectorTable();
        int vector = 1;
        interrupts.mask(vector);
        messages.fire(vector);
        long[] before = messages.delivered();
        try {
            for (long value : new long[]{0, -1, ~(1L << vector)}) {
                for (int word = 0; word * Long.SIZE < messages.vectors(); word++) {
                    table.writePending(word, value);
                    Check.hex("pending bits from vector %d on after 0x%x".formatted(word * Long.SIZE, value), word == 0 ? 1L << vector : 0,
                            table.readPending(word));
                }
            }
            messages.settle();
            Check.equal("messages", java.util.Arrays.toString(before), java.util.Arrays.toString(messages.delivered()));
        } finally {
            interrupts.unmask(vector);
        }
        messages.await(vector, before[vector] + 1);
    }

    private static void functionMask(Bench bench) {
        Messages messages = new Messages(bench);
        Interrupts interrupts = bench.enabledInterrupts();
        int last = messages.vectors() - 1;
        long[] before = messages.delivered();
        interrupts.mask(last);
        control(bench, Msix.FUNCTION_MASK, Msix.FUNCTION_MASK);
        try {
            for (int vector = 0; vector <= last; vector++) {
                messages.fire(vector);
                messages.fire(vector);
            }
            for (int vector = 0; vector <= last; vector++) {
                Check.equal("pending bit of vector %d under Function Mask".formatted(vector), true, interrupts.pending(vector));
            }
            messages.settle();
            Check.equal("messages under Function Mask", java.util.Arrays.toString(before), java.util.Arrays.toString(messages.delivered()));
        } finally {
            control(bench, Msix.FUNCTION_MASK, 0);
        }
        for (int vector = 0; vector < last; vector++) {
            messages.await(vector, before[vector] + 1);
        }
        messages.settle();
        Check.equal("messages of a vector that is still masked", before[last], interrupts.delivered(last));
        Check.equal("pending bit of a vector that is still masked", true, interrupts.pending(last));
        interrupts.unmask(last);
        messages.await(last, before[last] + 1);
        messages.settle();
        for (int vector = 0; vector <= last; vector++) {
            Check.equal("messages of vector " + vector, before[vector] + 1, interrupts.delivered(vector));
        }
    }

    private static void disabled(Bench bench) {
        Messages messages = new Messages(bench);
        Interrupts interrupts = bench.enabledInterrupts();
        long before = interrupts.delivered(0);
        control(bench, Msix.ENABLE, 0);
        try {
            messages.fire(0);
            messages.settle();
            Check.equal("messages while MSI-X is disabled", before, interrupts.delivered(0));
        } finally {
            control(bench, Msix.ENABLE, Msix.ENABLE);
        }
        messages.settle();
        long after = interrupts.delivered(0); // a message of before may have become pending, or not
        messages.fire(0);
        messages.await(0, after + 1);
    }

    private static void moved(Bench bench) {
        Messages messages = new Messages(bench);
        Interrupts interrupts = bench.enabledInterrupts();
        VectorTable table = bench.vectorTable();
        int from = 1;
        int to = 2;
        MsixEntryRegs entry = table.entry(from);
        long address = table.readAddress(from);
        int data = entry.readData();
        long[] before = messages.delivered();
        interrupts.mask(from);
        messages.fire(from);
        table.writeAddress(from, table.readAddress(to));
        entry.writeData(table.entry(to).readData());
        interrupts.unmask(from);
        try {
            messages.await(to, before[to] + 1);
            messages.settle();
            Check.equal("messages of the vector itself", before[from], interrupts.delivered(from));
        } finally {
            interrupts.mask(from);
            table.writeAddress(from, address);
            entry.writeData(data);
            interrupts.unmask(from);
        }
        messages.fire(from);
        messages.await(from, before[from] + 1);
    }

    private static void control(Bench bench, int mask, int value) {
        ConfigSpace config = bench.link().config();
        int register = CapabilityCases.find(config, Msix.ID) + Msix.MESSAGE_CONTROL;
        config.write16(register, config.read16(register) & ~mask | value);
    }
}
