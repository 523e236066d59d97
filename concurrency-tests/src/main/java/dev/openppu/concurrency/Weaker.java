package dev.openppu.concurrency;

import java.lang.constant.ClassDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** What somebody may write who does not think of other threads: in two steps what has to be one. Planted classes call these in place of the real ones; the receiver comes first. */
public final class Weaker {
    static final ClassDesc CLASS = Weaker.class.describeConstable().orElseThrow();

    private Weaker() {}

    public static boolean compareAndSet(AtomicInteger value, int expected, int next) {
        if (value.get() != expected) {
            return false;
        }
        value.set(next);
        return true;
    }

    public static boolean compareAndSet(AtomicReferenceArray<Object> values, int at, Object expected, Object next) {
        if (values.get(at) != expected) {
            return false;
        }
        values.set(at, next);
        return true;
    }

    /** @param field an {@code int} field of {@code object} */
    public static boolean compareAndSet(VarHandle field, Object object, int expected, int next) {
        VarHandle any = field.withInvokeBehavior();
        if ((int) any.getAcquire(object) != expected) {
            return false;
        }
        any.setRelease(object, next);
        return true;
    }

    public static long getAndIncrement(AtomicLongArray values, int at) {
        long before = values.get(at);
        values.set(at, before + 1);
        return before;
    }

    /** @param words the same that the real call sets bits in */
    public static void bitwiseOr(VarHandle words, long[] array, int at, long bits) {
        array[at] |= bits;
    }

    /** @param value the same place that the real call changes */
    public static long getAndSet(VarHandle value, MemorySegment memory, long offset, long next) {
        long before = memory.get(ValueLayout.JAVA_LONG, offset);
        memory.set(ValueLayout.JAVA_LONG, offset, next);
        return before;
    }
}
