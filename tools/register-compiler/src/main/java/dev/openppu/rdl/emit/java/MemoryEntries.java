package dev.openppu.rdl.emit.java;

import dev.openppu.rdl.model.Memory;

/** Emits what a memory's class has for its entries. */
final class MemoryEntries {

    private final JavaFile file;
    private final CodeWriter out;
    private final JavaEmitter.View view;

    MemoryEntries(JavaFile file, JavaEmitter.View view) {
        this.file = file;
        this.out = file.body();
        this.view = view;
    }

    void emitConstants(Memory memory) {
        boolean many = isLong(memory);
        out.blank().javadoc("Entries of the memory.");
        out.line("public static final %s ENTRIES = %d%s;", many ? "long" : "int", memory.entries(), many ? "L" : "");
        out.blank().javadoc("Bits of an entry.");
        out.line("public static final int ENTRY_WIDTH = %d;", memory.width());
        out.blank().javadoc("Bytes from one entry to the next.");
        out.line("public static final long ENTRY_STRIDE = %s;", JavaArray.hex(stride(memory)));
    }

    private static boolean isLong(Memory memory) {
        return memory.entries() > Integer.MAX_VALUE;
    }

    private static long stride(Memory memory) {
        return Math.max(1, memory.elementSize() / memory.entries());
    }

    void emitAccessors(Memory memory) {
        out.blank().javadoc("The memory as a window of its own, for access to many entries at once. Created at each call: keep it.");
        out.line("public Mmio window() {").line("return mmio.slice(base, SIZE);").line("}");
        String index = isLong(memory) ? "long i" : "int i";
        long stride = stride(memory);
        String address = "base + " + file.checkIndex("i", "ENTRIES") + " * ENTRY_STRIDE";
        boolean reads = view == JavaEmitter.View.HARDWARE || memory.sw().canRead();
        boolean writes = view == JavaEmitter.View.HARDWARE || memory.sw().canWrite();
        if (stride * 8 > RegisterAccess.WORD) {
            emitWide(index, address, (int) (stride / 8), reads, writes);
        } else {
            emitNarrow(memory, index, address, (int) stride * 8, reads, writes);
        }
    }

    private void emitNarrow(Memory memory, String index, String address, int bits, boolean reads, boolean writes) {
        String raw = bits > 32 ? "long" : "int";
        if (reads) {
            out.blank().javadoc("Reads one entry.");
            String mask = memory.width() == bits || bits < 32 && memory.width() >= bits ? "" : " & " + mask(memory.width(), bits > 32);
            out.line("public %s readEntry(%s) {", raw, index).line("return %s%s;", MmioCall.load(bits, address), mask).line("}");
        }
        if (writes) {
            out.blank().javadoc("Writes one entry.");
            out.line("public void writeEntry(%s, %s raw) {", index, raw).line("%s;", MmioCall.store(bits, address, "raw")).line("}");
        }
    }

    private static String mask(int width, boolean wide) {
        return wide ? JavaArray.hex(-1L >>> -width) : "0x" + Integer.toHexString(-1 >>> -width);
    }

    private void emitWide(String index, String address, int words, boolean reads, boolean writes) {
        String word = " + " + file.checkIndex("word", Integer.toString(words)) + " * 8L";
        if (reads) {
            out.blank().javadoc("Reads one word of an entry: word 0 holds bits 63 to 0; there are " + words + ".");
            out.line("public long readEntry(%s, int word) {", index).line("return mmio.read64(%s);", address + word).line("}");
        }
        if (writes) {
            out.blank().javadoc("Writes one word of an entry: word 0 holds bits 63 to 0; there are " + words + ".");
            out.line("public void writeEntry(%s, int word, long raw) {", index);
            out.line("mmio.write64(%s, raw);", address + word).line("}");
        }
    }
}
