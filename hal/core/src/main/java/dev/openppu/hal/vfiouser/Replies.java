package dev.openppu.hal.vfiouser;

import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/** Reads replies: one that is not as the protocol has it ends the connection. */
final class Replies {
    private Replies() {}

    static <T> T read(Connection connection, Exchange exchange, Function<MemorySegment, T> decoder) {
        try {
            return decoder.apply(exchange.reply());
        } catch (ProtocolException e) {
            throw connection.lose(e);
        }
    }

    /** @throws ServerLostException unless a reply says what it must */
    static void demand(Connection connection, boolean right, String what) {
        if (!right) {
            throw connection.lose(what);
        }
    }
}
