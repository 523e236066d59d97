package dev.openppu.hal.vfiouser.server;

import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.vfiouser.protocol.Header;
import dev.openppu.hal.vfiouser.protocol.ProtocolException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A message that has come: what stands in it, and descriptors, which it owns until they are taken. */
final class Message implements AutoCloseable {
    private final Header header;
    private final MemorySegment payload;
    private final Deque<Descriptor> descriptors;

    Message(Header header, MemorySegment payload, List<Descriptor> descriptors) {
        this.header = header;
        this.payload = payload;
        this.descriptors = new ArrayDeque<>(descriptors);
    }

    Header header() {
        return header;
    }

    MemorySegment payload() {
        return payload;
    }

    int descriptors() {
        return descriptors.size();
    }

    /** The next of its descriptors, which is the caller's from now on. */
    Descriptor takeDescriptor() {
        return descriptors.removeFirst();
    }

    /** @throws ProtocolException if there are more than the command takes */
    void allowDescriptors(int most) {
        if (descriptors.size() > most) {
            throw ProtocolException
                    .malformed("%s comes with %d descriptors; it takes %d".formatted(header.describe(), descriptors.size(), most));
        }
    }

    /** The same, in memory of its own; this one has no descriptors any more. */
    Message copy() {
        List<Descriptor> taken = new ArrayList<>(descriptors);
        descriptors.clear();
        return new Message(header, MemorySegment.ofArray(payload.toArray(ValueLayout.JAVA_BYTE)), taken);
    }

    /** Closes the descriptors that nobody took. */
    @Override
    public void close() {
        descriptors.forEach(Descriptor::close);
        descriptors.clear();
    }
}
