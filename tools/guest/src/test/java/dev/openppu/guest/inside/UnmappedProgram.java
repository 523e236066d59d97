package dev.openppu.guest.inside;

import dev.openppu.abi.error.Xid;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.RegisteredBuffer;
import dev.openppu.driver.Stream;
import dev.openppu.driver.XidEvent;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;

/** Memory that a PPU may write is unmapped while the driver believes that it is there: the device's access changes nothing, and the driver says so. */
final class UnmappedProgram {
    private static final int BYTES = 1 << 16;
    private static final byte UNTOUCHED = 0x5A;

    private UnmappedProgram() {}

    static void main(String uri) {
        try (DeviceLink link = Links.open(uri)) {
            RevocableDma dma = new RevocableDma(link.dma());
            try (Ppu ppu = Ppu.open(with(link, dma), PpuOptions.defaults());
                    Arena arena = Arena.ofShared();
                    Context context = ppu.createContext();
                    DeviceBuffer source = context.allocate(BYTES)) {
                MemorySegment memory = arena.allocate(BYTES, 4096);
                RegisteredBuffer registered = context.registerHost(memory, Set.of());
                context.fill8(source, 0, (byte) 1, BYTES);
                context.copy(registered, 0, source, 0, BYTES);
                require("bytes copied while it was mapped", BYTES, count(memory, (byte) 1));
                dma.revoke(memory);
                memory.fill(UNTOUCHED);
                System.out.println(lost(context, registered, source));
                System.out.println(ppu.awaitXid(event -> event.context().orElse(-1) == context.id(), Duration.ofSeconds(10))
                        .flatMap(XidEvent::xid).map(Xid::name).orElse("no XID"));
                require("bytes untouched after the unmapping", BYTES, count(memory, UNTOUCHED));
                System.out.println("a copy to memory that was unmapped changed nothing");
            }
        }
    }

    private static DeviceLink with(DeviceLink link, RevocableDma dma) {
        return (DeviceLink) Proxy.newProxyInstance(DeviceLink.class.getClassLoader(), new Class<?>[]{DeviceLink.class},
                (_, method, arguments) -> {
                    try {
                        return method.getName().equals("dma") ? dma : method.invoke(link, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static String lost(Context context, RegisteredBuffer registered, DeviceBuffer source) {
        try (Stream stream = context.createStream()) {
            stream.copy(registered, 0, source, 0, BYTES);
            stream.synchronize();
            return "the copy ended as if nothing had happened";
        } catch (ContextLostException e) {
            return "%s %s".formatted(e.hgresult(), e.xid().map(Xid::name).orElse("no XID"));
        }
    }

    private static long count(MemorySegment memory, byte value) {
        return memory.elements(ValueLayout.JAVA_BYTE).filter(element -> element.get(ValueLayout.JAVA_BYTE, 0) == value).count();
    }

    private static void require(String what, long expected, long found) {
        if (found != expected) {
            throw new IllegalStateException("%s: %d, not %d".formatted(what, found, expected));
        }
    }
}
