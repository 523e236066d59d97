package dev.openppu.guest;

import java.util.List;

/** What a guest's memory is to servers of the vfio-user protocol. */
public enum GuestMemory {
    /** A file that they are given, and map. */
    SHARED("memory-backend-memfd", ",share=on"),
    /** QEMU's own: they ask QEMU for each access. */
    PRIVATE("memory-backend-ram", "");

    private static final String NAME = "ram0";

    private final String backend;
    private final String option;

    GuestMemory(String backend, String option) {
        this.backend = backend;
        this.option = option;
    }

    /** QEMU's options of a machine that has such memory. */
    List<String> options(String machine, int mebibytes) {
        return List.of("-object", "%s,id=%s,size=%dM%s".formatted(backend, NAME, mebibytes, option), "-machine",
                machine + ",memory-backend=" + NAME);
    }
}
