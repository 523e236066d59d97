package dev.openppu.hal.planted;

/** Planted: a library is loaded by the JVM. */
@SuppressWarnings("restricted")
public final class LoadsALibrary {
    public void load() {
        System.loadLibrary("ppu");
    }
}
