package dev.openppu.hal.posix.planted;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Planted: a handle and a layout that the JIT cannot see through. */
@SuppressWarnings("restricted")
public final class KeepsAHandlePerObject {
    private final ValueLayout.OfInt layout = ValueLayout.JAVA_INT;
    private final MethodHandle getpid = Linker.nativeLinker()
            .downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow("getpid"), FunctionDescriptor.of(layout));

    public MethodHandle getpid() {
        return getpid;
    }
}
