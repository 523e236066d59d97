package dev.openppu.hal.vfiouser.protocol;

import java.util.Arrays;
import java.util.Optional;

/** What a message asks for. */
public enum Command {
    VERSION(1),
    DMA_MAP(2),
    DMA_UNMAP(3),
    DEVICE_GET_INFO(4),
    DEVICE_GET_REGION_INFO(5),
    DEVICE_GET_REGION_IO_FDS(6),
    DEVICE_GET_IRQ_INFO(7),
    DEVICE_SET_IRQS(8),
    REGION_READ(9),
    REGION_WRITE(10),
    /** From server to client. */
    DMA_READ(11),
    /** From server to client. */
    DMA_WRITE(12),
    DEVICE_RESET(13),
    REGION_WRITE_MULTI(15),
    DEVICE_FEATURE(16),
    MIG_DATA_READ(17),
    MIG_DATA_WRITE(18);

    private final int code;

    Command(int code) {
        this.code = code;
    }

    /** Its number in a header. */
    public int code() {
        return code;
    }

    /** Empty if this version of the protocol has none of that number. */
    public static Optional<Command> of(int code) {
        return Arrays.stream(values()).filter(c -> c.code == code).findFirst();
    }

    /** For messages: the name, or the number. */
    public static String describe(int code) {
        return of(code).map(Enum::name).orElse("command " + code);
    }
}
