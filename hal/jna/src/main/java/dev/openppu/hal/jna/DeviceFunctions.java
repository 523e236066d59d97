package dev.openppu.hal.jna;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.lang.reflect.Method;
import java.util.Locale;

/** The functions of {@code ppu_device.h} as JNA implements them: {@code barRead} is {@code ppu_device_bar_read}. Numbers below 0 are signed here, unsigned there. */
public interface DeviceFunctions extends Library {
    int abi();

    int open(String options, HostStructure host, PointerByReference device);

    void close(Pointer device);

    int getInfo(Pointer device, InfoStructure info);

    Pointer error(Pointer device);

    int configRead(Pointer device, int offset, int bytes, Pointer value);

    int configWrite(Pointer device, int offset, int bytes, int value);

    int barRead(Pointer device, int bar, long offset, int bytes, Pointer value);

    int barWrite(Pointer device, int bar, long offset, int bytes, long value);

    int barMap(Pointer device, int bar, long offset, long bytes, PointerByReference address);

    int dmaMap(Pointer device, long iova, long bytes, Pointer address, int rights);

    int dmaUnmap(Pointer device, long iova, long bytes);

    int dmaRefused(Pointer device, Pointer count, Pointer lastIova);

    int setInterrupt(Pointer device, int vector, int descriptor);

    int reset(Pointer device, int kind);

    int time(Pointer device, Pointer nanos);

    int advance(Pointer device, long nanos, Pointer passed);

    /** The function in C that stands behind a method here. */
    static String nameInC(Method method) {
        return nameInC(method.getName());
    }

    /** The same by its name. */
    static String nameInC(String method) {
        return "ppu_device_" + method.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
