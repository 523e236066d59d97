package com.example.nvme;

import com.example.nvme.Controller.Identity;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes every fourth page of a disk and reads it back, then what must not work. Overwrites the disk! Usage: {@code Main vfio:BDF}. */
public final class Main {
    private static final int PAGE = 4096;
    private static final int PAGES = 40;
    private static final byte UNTOUCHED = 0x5A;

    private Main() {}

    /** Ends with an exception, and so with status 1, at the first thing that is not as it should be; with status 2 if it is given no link. */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: give the function by its link's URI, for example vfio:0000:00:11.0 (its disk is overwritten)");
            System.exit(2);
        }
        try (DeviceLink link = Links.open(arguments[0]); Controller controller = new Controller(link); Arena arena = Arena.ofShared()) {
            Identity identity = controller.identify();
            System.out.printf("%s: %s, serial %s, %d blocks of %d bytes%n", link.identity().address(), identity.model(), identity.serial(),
                    identity.size(), identity.blockBytes());
            int blocks = PAGE / identity.blockBytes();
            MemorySegment memory = arena.allocate(PAGE, PAGE);
            DmaMapping mapping = link.dma().map(memory, DmaAccess.BOTH);
            for (int page = 0; page < PAGES; page++) {
                fill(memory, page);
                require("status of a write", 0, controller.write((long) page * 4 * blocks, blocks, mapping.iova()));
            }
            for (int page = 0; page < PAGES; page++) {
                memory.fill(UNTOUCHED);
                require("status of a read", 0, controller.read((long) page * 4 * blocks, blocks, mapping.iova()));
                compare(memory, page);
            }
            System.out.printf("%d pages written, read back and compared; vector 0 came %d times, vector 1 %d times%n", PAGES,
                    link.interrupts().delivered(0), link.interrupts().delivered(1));

            mapping.close();
            memory.fill(UNTOUCHED);
            int status = controller.read(0, blocks, mapping.iova());
            for (long i = 0; i < PAGE; i++) {
                require("byte " + i + " after the unmapping", UNTOUCHED, memory.get(ValueLayout.JAVA_BYTE, i));
            }
            System.out.printf("a read into memory that was unmapped changed nothing: status 0x%x%n", status);
        }
    }

    private static void fill(MemorySegment memory, int page) {
        for (long i = 0; i < PAGE; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, content(page, i));
        }
    }

    private static void compare(MemorySegment memory, int page) {
        for (long i = 0; i < PAGE; i++) {
            require("byte %d of page %d".formatted(i, page), content(page, i), memory.get(ValueLayout.JAVA_BYTE, i));
        }
    }

    private static byte content(long page, long i) {
        return (byte) (i * 31 + i / 256 + page * 7);
    }

    private static void require(String what, long expected, long found) {
        if (found != expected) {
            throw new IllegalStateException("%s is 0x%x, not 0x%x".formatted(what, found, expected));
        }
    }
}
