package dev.openppu.hal.jna;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import dev.openppu.hal.library.LibraryContract;
import dev.openppu.hal.library.LibraryInfo;
import org.jspecify.annotations.Nullable;

/** {@code ppu_device_info}. JNA fills the fields. */
@FieldOrder({"structSize", "flags", "description", "configBytes", "vectors", "bars", "resets", "reserved"})
public final class InfoStructure extends Structure {
    public int structSize;
    public int flags;
    public @Nullable Pointer description;
    public int configBytes;
    public int vectors;
    public Bar[] bars = new Bar[LibraryContract.BARS];
    public int resets;
    public int reserved;

    public InfoStructure() {
        structSize = size();
    }

    /** {@code ppu_device_bar}. */
    @FieldOrder({"size", "flags", "reserved"})
    public static final class Bar extends Structure {
        public long size;
        public int flags;
        public int reserved;
    }

    LibraryInfo toInfo() {
        return LibraryContract.info(JnaLibrary.text(description), flags, configBytes, vectors, resets, bar -> bars[bar].flags);
    }
}
