package dev.openppu.hal.posix.planted;

import java.lang.invoke.MethodHandle;

/** Planted: the JVM adapts the types at each call. */
public final class CallsInexactly {
    public Object call(MethodHandle handle) throws Throwable {
        return handle.invoke(1);
    }
}
