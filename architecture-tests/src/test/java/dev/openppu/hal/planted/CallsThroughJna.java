package dev.openppu.hal.planted;

import com.sun.jna.Native;

/** Planted: native calls by JNA outside of its module. */
public final class CallsThroughJna {
    private CallsThroughJna() {}

    public static int pointerBytes() {
        return Native.POINTER_SIZE;
    }
}
