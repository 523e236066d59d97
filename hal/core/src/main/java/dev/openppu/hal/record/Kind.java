package dev.openppu.hal.record;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Kinds of records, with the fields that each has: {@code U}nit, {@code P}lace, {@code S}ize, {@code V}alue, {@code C}ontent. What host software says when it calls stands in
 * capitals, what it is answered in small letters. The codes are the file's.
 */
public enum Kind {
    /** A register: BAR, offset, bytes, the value read. */
    READ(1, "UPSv", true),
    /** A register: BAR, offset, bytes, the value written. */
    WRITE(2, "UPSV", true),
    /** Memory behind a BAR: BAR, offset, bytes, their CRC32C, and the first of them; {@link #MORE} has the others. */
    READ_BYTES(3, "UPSvc", true),
    /** As {@link #READ_BYTES}. */
    WRITE_BYTES(4, "UPSVC", true),
    /** More of the content of the record of this thread before. */
    MORE(5, "c", true),
    /** Config space: offset, bytes, the value read. */
    CONFIG_READ(6, "PSv", true),
    /** Config space: offset, bytes, the value written. */
    CONFIG_WRITE(7, "PSV", true),
    /** Asking for the window of a BAR: BAR, its bytes. */
    BAR(8, "Us", true),
    /** Asking for the BARs: {@link BarList}. */
    BARS(32, "c", true),
    /** Looking at the clock: the record's own time is what was seen. */
    CLOCK(9, "", true),
    /** A wait: how it ended ({@link Waited}), its deadline. */
    WAIT(10, "uV", true),
    /** Sleeping: nanoseconds. */
    SLEEP(11, "V", true),
    /** Within a wait: interrupts are asked for. */
    ARM(12, "", true),
    /** Within a wait: interrupts are no longer asked for. */
    DISARM(13, "", true),
    /** A thread is begun: its number, its name. */
    START(14, "uC", true),
    /** The thread is begun: the call that began with {@link #START} returns. */
    STARTED(31, "", true),
    /** The first thing that a begun thread does. */
    BEGIN(15, "", true),
    /** The last thing that a begun thread does. */
    END(16, "", true),
    /** Waiting for the end of a begun thread: its number, 1 if it ended. */
    JOIN(17, "Uv", true),
    /** A begun thread is interrupted: its number. */
    INTERRUPT(18, "U", true),
    /** Host memory is allocated and mapped: rights, IOVA, bytes, bytes asked for. */
    ALLOCATE(19, "UpsV", true),
    /** Memory of the caller's is mapped: rights, IOVA, bytes. */
    MAP(20, "UpS", true),
    /** The same at an IOVA of the caller's choice. */
    MAP_AT(21, "UPS", true),
    /** A mapping's end: its IOVA. */
    UNMAP(22, "P", true),
    /** So many vectors are enabled. */
    IRQ_ENABLE(23, "U", true),
    /** MSI-X is switched off. */
    IRQ_DISABLE(24, "", true),
    /** A vector is masked. */
    IRQ_MASK(25, "U", true),
    /** A vector is unmasked. */
    IRQ_UNMASK(26, "U", true),
    /** A vector's pending bit. */
    IRQ_PENDING(27, "Uv", true),
    /** A reset, by the ordinal of its kind. */
    RESET(28, "U", true),
    /** The link's end. */
    CLOSE(29, "", true),
    /** A call that threw: the code of its kind, what it threw ({@link Thrown}), its message. */
    FAILED(30, "Uvc", true),
    /** The device wrote host memory: IOVA, bytes, their CRC32C, and the bytes. */
    DMA_WRITE(40, "PSVC", false),
    /** The device read host memory: IOVA, bytes, their CRC32C. */
    DMA_READ(41, "PSV", false),
    /** The IOMMU refused the device: 1 if it wanted to write, IOVA, bytes. */
    DMA_REFUSED(42, "UPS", false),
    /** Host software had written memory that the device may read: IOVA, bytes, their CRC32C, and the bytes. */
    HOST_WRITE(43, "PSVC", false),
    /** Messages of a vector arrived: the vector, how many. */
    IRQ(44, "UV", false),
    /** Host memory of which the recording has nothing but this: IOVA, bytes. */
    UNSEEN(45, "PS", false);

    private static final Kind[] BY_CODE = new Kind[64];

    static {
        for (Kind kind : values()) {
            BY_CODE[kind.code] = kind;
        }
    }

    private final int code;
    private final String fields;
    private final String present;
    private final boolean call;

    Kind(int code, String fields, boolean call) {
        this.code = code;
        this.fields = fields;
        this.present = fields.toUpperCase(Locale.ROOT);
        this.call = call;
    }

    static @Nullable Kind of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }

    /** In the file. */
    public int code() {
        return code;
    }

    /** Whether host software did it; what the device did has no thread. */
    public boolean call() {
        return call;
    }

    /** Whether records of this kind have a field: {@code U}, {@code P}, {@code S}, {@code V} or {@code C}. */
    public boolean has(char field) {
        return present.indexOf(field) >= 0;
    }

    /** Whether a field is what host software says, not what it is answered. */
    public boolean says(char field) {
        return fields.indexOf(field) >= 0;
    }

    /** As people write it: {@code dma-write}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
