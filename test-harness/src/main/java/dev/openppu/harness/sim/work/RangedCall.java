package dev.openppu.harness.sim.work;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamMemoryOperation.WriteValue32;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A call that takes a range of device memory.
 *
 * @param what it does, as the subject of a sentence
 * @param bytes of an element
 * @param anyLength whether the caller gives a length that nothing else limits
 * @param aligned whether elements have to stand at multiples of their size: copies take bytes
 * @param body makes it
 */
record RangedCall(String what, int bytes, boolean anyLength, boolean aligned, BiConsumer<Stream, Range> body) {
    /** What takes memory of another context, too. */
    static final List<RangedCall> OF_OTHERS = List.of(
            longer("a copy to it", 1, (by, at) -> by.copy(at.memory, at.offset, at.other, 0, at.elements)),
            longer("a copy from it", 1, (by, at) -> by.copy(at.other, 0, at.memory, at.offset, at.elements)),
            longer("a peer copy to it", 1, (by, at) -> by.copyPeer(at.memory, at.offset, at.other, 0, at.elements).isDone()),
            longer("a peer copy from it", 1, (by, at) -> by.copyPeer(at.other, 0, at.memory, at.offset, at.elements).isDone()),
            longer("a peer copy to it by default streams", 1,
                    (by, at) -> Context.copyPeer(at.memory, at.offset, at.other, 0, at.elements).isDone()),
            longer("a peer copy from it by default streams", 1,
                    (by, at) -> Context.copyPeer(at.other, 0, at.memory, at.offset, at.elements).isDone()),
            words("a copy from the host", (by, at) -> by.copyToDevice(at.memory, at.offset, at.host())),
            words("a copy to the host", (by, at) -> by.copyToHost(at.host(), at.memory, at.offset)),
            longer("its context's copy to it", 1, (by, at) -> at.context().copy(at.memory, at.offset, at.other, 0, at.elements)),
            longer("its context's copy from it", 1, (by, at) -> at.context().copy(at.other, 0, at.memory, at.offset, at.elements)),
            longer("its context's fill of bytes", 1, (by, at) -> at.context().fill8(at.memory, at.offset, (byte) 1, at.elements)),
            longer("its context's fill of halves", 2, (by, at) -> at.context().fill16(at.memory, at.offset, (short) 1, at.elements)),
            longer("its context's fill of words", 4, (by, at) -> at.context().fill32(at.memory, at.offset, 1, at.elements)),
            words("its context's copy from the host", (by, at) -> at.context().copyToDevice(at.memory, at.offset, at.host())),
            words("its context's copy to the host", (by, at) -> at.context().copyToHost(at.host(), at.memory, at.offset)));
    /** What takes memory that the stream's own context reaches. */
    static final List<RangedCall> ALL = all(
            longer("a fill of bytes", 1, (by, at) -> by.fill8(at.memory, at.offset, (byte) 1, at.elements)),
            longer("a fill of halves", 2, (by, at) -> by.fill16(at.memory, at.offset, (short) 1, at.elements)),
            longer("a fill of words", 4, (by, at) -> by.fill32(at.memory, at.offset, 1, at.elements)),
            one("a wait for a word", 4, (by, at) -> by.waitValue32(at.memory, at.offset, Compare.EQUAL, 0)),
            one("a wait for two words", 8, (by, at) -> by.waitValue64(at.memory, at.offset, Compare.EQUAL, 0)),
            one("a write of a word", 4, (by, at) -> by.writeValue32(at.memory, at.offset, 1)),
            one("a write of two words", 8, (by, at) -> by.writeValue64(at.memory, at.offset, 1)),
            one("a batch of writes", 4, (by, at) -> by.batchMemoryOperations(
                    List.of(new WriteValue32(at.other, 0, 1), new WriteValue32(at.memory, at.offset, 1)))),
            one("a time stamp", 8, (by, at) -> by.timestamp(at.memory, at.offset)));

    /**
     * What a call is given.
     *
     * @param memory that the range is of
     * @param other where a copy goes, or comes from, at its begin
     */
    record Range(DeviceMemory memory, long offset, long elements, DeviceMemory other) {
        private Context context() {
            return memory.context();
        }

        private MemorySegment host() {
            return MemorySegment.ofArray(new int[(int) elements]);
        }
    }

    private static List<RangedCall> all(RangedCall... ofOwn) {
        List<RangedCall> all = new ArrayList<>(List.of(ofOwn));
        all.addAll(OF_OTHERS);
        return List.copyOf(all);
    }

    private static RangedCall longer(String what, int bytes, BiConsumer<Stream, Range> body) {
        return new RangedCall(what, bytes, true, bytes > 1, body);
    }

    private static RangedCall one(String what, int bytes, BiConsumer<Stream, Range> body) {
        return new RangedCall(what, bytes, false, true, body);
    }

    /** A copy between the host's words and as many bytes. */
    private static RangedCall words(String what, BiConsumer<Stream, Range> body) {
        return new RangedCall(what, Integer.BYTES, false, false, body);
    }

    /** Has a stream make it, or the memory's context. */
    void make(Stream by, Range at) {
        body.accept(by, at);
    }

    @Override
    public String toString() {
        return what;
    }
}
