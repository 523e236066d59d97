package dev.openppu.abi.firmware;

import java.util.List;
import java.util.Optional;

/** Types of firmware messages. A reply has the type of its command with {@link #REPLY} added. Payload words not named are zero. */
public enum MessageType {
    /** Command: w0 lowest major, w1 highest major, w2 highest minor of the host. Reply: w1 agreed major, w2 agreed minor, w3 firmware version. */
    HELLO(0x0001),
    /** Command: w0 any. Reply: w1 the command's w0. */
    PING(0x0002),
    /** Reply: w1 uptime in nanoseconds, w2 heartbeats, w3 commands handled, w4 bad messages. */
    GET_INFO(0x0003),
    /** Command: w0 context. Stops its queues, abandons its work in flight, then replies: w1 queues stopped. */
    KILL_CONTEXT(0x0004),
    /** Stops all queues, replies, halts. */
    SHUTDOWN(0x0005),
    /** Command: w0 device memory address, w1 cause (0 several single-bit errors, 1 a double-bit error). Retires the page, at the latest from the next reset on, for ever. */
    RETIRE_PAGE(0x0006),
    /** Command: w0 bytes of the image. Erases the slot that is not active. Reply: w1 slot. */
    UPDATE_BEGIN(0x0007),
    /** Command: w0 offset in the image, w1 IOVA, w2 bytes (at most 64 KiB). The parts follow each other without a gap. */
    UPDATE_DATA(0x0008),
    /** Verifies what was written and, if it is good, has the next boot from flash try it once; status BAD_ARGUMENT if not, w1 the boot error. */
    UPDATE_FINISH(0x0009),
    /** Event: see {@link XidEvent}. */
    XID(0x4001),
    /** Event: w0 level (0 debug, 1 information, 2 warning, 3 error), then 40 bytes of UTF-8, NUL-padded. */
    LOG(0x4002);

    /** Added to a command's type in its reply. */
    public static final int REPLY = 0x8000;

    private static final List<MessageType> ALL = List.of(values());

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    /** The minor version of the message interface, of major 1, that brought it. */
    public int minor() {
        return switch (this) {
            case RETIRE_PAGE, UPDATE_BEGIN, UPDATE_DATA, UPDATE_FINISH -> 1;
            default -> 0;
        };
    }

    /** The number in the message. */
    public int code() {
        return code;
    }

    /** The number in a reply to this command. */
    public int replyCode() {
        return code | REPLY;
    }

    /** The command or event with this number; a reply's number is none. */
    public static Optional<MessageType> of(int code) {
        return ALL.stream().filter(type -> type.code == code).findFirst();
    }
}
