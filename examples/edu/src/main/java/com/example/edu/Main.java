package com.example.edu;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Does everything that an edu can, and then what it must not be able to. Usage: {@code Main vfio:BDF}. */
public final class Main {
    private static final long IOVA = 1 << 20;
    private static final byte UNTOUCHED = 0x5A;

    private Main() {}

    /** Ends with an exception, and so with status 1, at the first thing that is not as it should be; with status 2 if it is given no link. */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: give the function by its link's URI, for example vfio:0000:00:10.0");
            System.exit(2);
        }
        try (DeviceLink link = Links.open(arguments[0]); Arena arena = Arena.ofShared()) {
            Edu edu = new Edu(link);
            System.out.printf("%s: edu, identification 0x%08x%n", link.identity().address(), edu.identification());
            require("inverted number", ~0x1234_5678, edu.invert(0x1234_5678));
            require("12!", 479_001_600, edu.factorial(12));

            MemorySegment memory = arena.allocate(Edu.BUFFER_BYTES, Edu.BUFFER_BYTES);
            copyThere(edu, link, memory);
            MemorySegment copy = arena.allocate(Edu.BUFFER_BYTES, Edu.BUFFER_BYTES);
            DmaMapping mapping = link.dma().map(copy, IOVA, DmaAccess.DEVICE_WRITES);
            edu.store(IOVA, Edu.BUFFER_BYTES);
            require("first byte that differs after the way there and back", -1, memory.mismatch(copy));
            System.out.println("4096 bytes went there and came back; each step was reported by an interrupt");

            mapping.close();
            copy.fill(UNTOUCHED);
            edu.store(IOVA, Edu.BUFFER_BYTES);
            for (long i = 0; i < copy.byteSize(); i++) {
                require("byte " + i + " after the unmapping", UNTOUCHED, copy.get(ValueLayout.JAVA_BYTE, i));
            }
            System.out.println("a copy to memory that was unmapped changed nothing");
        }
    }

    private static void copyThere(Edu edu, DeviceLink link, MemorySegment memory) {
        for (long i = 0; i < memory.byteSize(); i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + i / 256));
        }
        try (DmaMapping mapping = link.dma().map(memory, IOVA, DmaAccess.DEVICE_READS)) {
            edu.fetch(mapping.iova(), Edu.BUFFER_BYTES);
        }
    }

    private static void require(String what, long expected, long found) {
        if (found != expected) {
            throw new IllegalStateException("%s is 0x%x, not 0x%x".formatted(what, found, expected));
        }
    }
}
