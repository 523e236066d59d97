package dev.openppu.hal.planted;

/** Planted: JNI. */
public final class DeclaresANativeMethod {
    public native int pid();
}
