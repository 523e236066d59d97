package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;

/**
 * The first 16 bytes of every message.
 *
 * <pre>
 *  0       2        4        8        12       16
 * | id    | command | size   | flags  | error  |
 * </pre>
 *
 * @param id chosen by who sends the command, echoed by the reply; 16 bits
 * @param command a {@link Command}'s code, or a number that nobody knows; 16 bits
 * @param size of the message with this header, in bytes, 32 bits unsigned
 * @param flags bits 0 to 3 the type, and {@link #NO_REPLY}, {@link #ERROR}
 * @param error errno of a reply whose {@link #ERROR} is set; may be 0 even then
 */
public record Header(int id, int command, int size, int flags, int error) {
    public static final int BYTES = 16;

    public static final int TYPE_MASK = 0xF;
    public static final int TYPE_COMMAND = 0;
    public static final int TYPE_REPLY = 1;
    public static final int NO_REPLY = 1 << 4;
    public static final int ERROR = 1 << 5;

    private static final int COMMAND_OFFSET = 2;
    private static final int SIZE_OFFSET = 4;
    private static final int FLAGS_OFFSET = 8;
    private static final int ERROR_OFFSET = 12;

    /** Of a command. */
    public static Header command(int id, Command command, long payloadBytes, boolean noReply) {
        return new Header(id, command.code(), size(payloadBytes), noReply ? NO_REPLY : TYPE_COMMAND, 0);
    }

    /** Of the answer to this command. */
    public Header reply(long payloadBytes) {
        return new Header(id, command, size(payloadBytes), TYPE_REPLY, 0);
    }

    /** Of the answer to this command that says why nothing was done; it has no payload. */
    public Header failure(int errno) {
        return new Header(id, command, BYTES, TYPE_REPLY | ERROR, errno);
    }

    private static int size(long payloadBytes) {
        return Math.toIntExact(BYTES + payloadBytes);
    }

    /**
     * Reads it from the beginning of {@code from}.
     *
     * @param longest bytes that a message may have here, with its header
     * @throws ProtocolException if the type is none, or the size cannot be; what follows in the stream cannot be told then
     */
    public static Header decode(MemorySegment from, long longest) {
        Header header = new Header(Wire.u16(from, 0), Wire.u16(from, COMMAND_OFFSET), Wire.u32(from, SIZE_OFFSET),
                Wire.u32(from, FLAGS_OFFSET),
                Wire.u32(from, ERROR_OFFSET));
        long bytes = Integer.toUnsignedLong(header.size);
        if (bytes < BYTES || bytes > longest) {
            throw ProtocolException
                    .malformed("%s has a size of %d bytes; a message has %d to %d here".formatted(header.describe(), bytes, BYTES,
                            longest));
        }
        int type = header.flags & TYPE_MASK;
        if (type != TYPE_COMMAND && type != TYPE_REPLY) {
            throw ProtocolException.malformed("%s has type %d: it is neither command nor reply".formatted(header.describe(), type));
        }
        return header;
    }

    /** Writes it to the beginning of {@code to}. */
    public void encode(MemorySegment to) {
        Wire.u16(to, 0, id);
        Wire.u16(to, COMMAND_OFFSET, command);
        Wire.u32(to, SIZE_OFFSET, size);
        Wire.u32(to, FLAGS_OFFSET, flags);
        Wire.u32(to, ERROR_OFFSET, error);
    }

    public int payloadBytes() {
        return size - BYTES;
    }

    public boolean isReply() {
        return (flags & TYPE_MASK) == TYPE_REPLY;
    }

    /** A command whose sender wants no answer. */
    public boolean noReply() {
        return !isReply() && (flags & NO_REPLY) != 0;
    }

    public boolean failed() {
        return isReply() && (flags & ERROR) != 0;
    }

    /** For messages. */
    public String describe() {
        return "%s %d".formatted(Command.describe(command), id);
    }
}
